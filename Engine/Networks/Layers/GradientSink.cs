using Engine.Numerics;

namespace Engine.Networks;

/// <summary>Receives the gradients of parameters as a backward pass produces them: an optimizer's step, or a sum over several passes.</summary>
public abstract unsafe class GradientSink
{
    /// <summary>Whether gradients that are 0 in every pass must be handed in too; otherwise they may be left out.</summary>
    internal virtual bool NeedsZeros => true;

    /// <summary>
    /// Takes piece number <paramref name="piece"/>, below <see cref="Parameter.Pieces"/>: <paramref name="count"/> floats (a multiple of 16, padding
    /// included and zero) that belong at <paramref name="offset"/> of the parameter's memory. The piece is the caller's again afterwards. Workers hand
    /// in different pieces at the same time.
    /// </summary>
    public abstract void Accept(Parameter parameter, int piece, long offset, float* gradient, int count);
}
