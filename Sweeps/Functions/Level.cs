using Sweeps.Core;

namespace Sweeps.Functions;

/// <summary>How far a run has come: epoch e of R, from 1, and how that becomes a fidelity z in [0, 1].</summary>
public readonly record struct Level(int Epoch, int Epochs, Fidelity Fidelity)
{
    /// <summary>Full fidelity.</summary>
    public static Level Full { get; } = new(1, 1, Fidelity.Linear);

    /// <summary>z = e / R, or ln e / ln R; 1 when R is 1.</summary>
    public double Z => Epoch >= Epochs ? 1 : Fidelity == Fidelity.Linear ? (double)Epoch / Epochs : Math.Log(Epoch) / Math.Log(Epochs);

    /// <summary>The epoch before.</summary>
    public Level Previous => this with { Epoch = Epoch - 1 };
}
