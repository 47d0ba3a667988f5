using Engine.Numerics;

namespace Engine.Networks;

/// <summary>
/// Receives the gradients of parameters during a backward pass. Implementations apply an optimizer's step or accumulate over several
/// passes.
/// </summary>
public abstract unsafe class GradientSink
{
    /// <summary>Whether gradients that are 0 in every pass must be passed too; otherwise layers may skip them.</summary>
    internal virtual bool NeedsZeros => true;

    /// <summary>
    /// Receives piece number <paramref name="piece"/>, below <see cref="Parameter.Pieces"/>: <paramref name="count"/> floats (a multiple of
    /// 16; padding is zero) at <paramref name="offset"/> of the parameter's memory. The caller may reuse the memory afterwards. Workers
    /// pass different pieces concurrently.
    /// </summary>
    public abstract void Accept(Parameter parameter, int piece, long offset, float* gradient, int count);
}
