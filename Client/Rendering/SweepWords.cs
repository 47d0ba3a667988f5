using Client.Views;
using Sweeps.Core;

namespace Client.Rendering;

/// <summary>A sweep in a few words.</summary>
public static class SweepWords
{
    /// <summary><c>40 configurations of fashion-mnist</c></summary>
    public static string What(SweepSpec spec)
    {
        var count = spec.RunCap is { } cap ? $"{cap:N0} configurations" : "configurations";
        return $"{count} of {SweepViews.Trained(spec.Trainable)}";
    }

    /// <summary><c>2 slots</c></summary>
    public static string Slots(int count) => count == 1 ? "1 slot" : $"{count} slots";
}
