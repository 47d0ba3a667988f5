namespace Sweeps.Core.Search.Tpe;

/// <summary>
/// One parameter's factor of every kernel of a mixture: one kernel per observation in order of run number, the prior last.
/// </summary>
internal abstract class KernelColumn
{
    /// <summary>Draws a coordinate from one kernel.</summary>
    public abstract double Sample(int kernel, ref SplitMix64 random);

    /// <summary>
    /// Adds ln kernelᵢ(x) to <paramref name="sums"/>[i] for every kernel: a density, or a mass where values are discrete.
    /// </summary>
    public abstract void AddLog(double x, Span<double> sums);
}
