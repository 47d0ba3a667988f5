using Sweeps.Core;

namespace Sweeps.Files.Sections;

/// <summary><c>checkpoint</c>: how often a run writes one beside those at rungs.</summary>
internal static class CheckpointSection
{
    /// <summary>The policy; the default when the file names none. A file that names one of the two gets that one only.</summary>
    public static CheckpointPolicy Read(Section top)
    {
        if (top.TakeSection("checkpoint") is not { } checkpoint)
            return new CheckpointPolicy();
        var epochs = (int?)checkpoint.TakeInteger("epochs", 1, int.MaxValue);
        var time = Duration.Take(checkpoint, "time");
        checkpoint.End();
        return new CheckpointPolicy(epochs, time);
    }
}
