using Engine.Numerics;

namespace Engine.Networks;

/// <summary>Receives the gradients of parameters as a backward pass produces them: an optimizer's step, or a sum over several passes.</summary>
public abstract unsafe class GradientSink
{
    /// <summary>What to fetch while gradients are computed; null for nothing.</summary>
    internal virtual RowFetch? Ahead => null;

    /// <summary>Whether gradients that are 0 in every pass must be handed in too; otherwise they may be left out.</summary>
    internal virtual bool NeedsZeros => true;

    /// <summary>
    /// Takes a chunk: <paramref name="count"/> floats (a multiple of 16, padding included and zero) that belong at
    /// <paramref name="offset"/> of the parameter's memory. The chunk is the caller's again afterwards.
    /// </summary>
    public abstract void Accept(Parameter parameter, long offset, float* gradient, int count);
}
