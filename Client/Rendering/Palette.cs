using Spectre.Console;
using Sweeps.Core;

namespace Client.Rendering;

/// <summary>The few colours there are: one accent, one for what is good, one for trouble; the rest is plain or dim.</summary>
public static class Palette
{
    /// <summary>Headings and secondary facts.</summary>
    public static Style Dim { get; } = new(decoration: Decoration.Dim);

    /// <summary>Ordinary text.</summary>
    public static Style Plain { get; } = Style.Plain;

    /// <summary>What moves.</summary>
    public static Style Accent { get; } = new(Color.SteelBlue1);

    /// <summary>What is best.</summary>
    public static Style Good { get; } = new(Color.DarkSeaGreen2, decoration: Decoration.Bold);

    /// <summary>What went wrong.</summary>
    public static Style Trouble { get; } = new(Color.IndianRed);

    /// <summary>The style of a run's row.</summary>
    public static Style Of(RunState state) => state switch
    {
        RunState.Running => Plain,
        RunState.Finished => Plain,
        RunState.Diverged or RunState.Failed => Trouble,
        _ => Dim,
    };
}
