namespace Engine.Layers;

/// <summary>What a forward pass is for.</summary>
/// <param name="Training">True while training: dropout drops, and a backward pass follows. False when evaluating.</param>
/// <param name="Seed">The run's seed.</param>
/// <param name="Step">A number of its own for every training pass of the run.</param>
public readonly record struct Pass(bool Training, ulong Seed, ulong Step)
{
    /// <summary>A pass that only evaluates.</summary>
    public static Pass Evaluation => default;
}
