using Engine.Numerics;

namespace Engine.Networks;

/// <summary>An optimizer's arithmetic for one weight: a struct of this step's coefficients, compiled into <see cref="UpdateLoop{TRule}"/>.</summary>
public interface IUpdateRule
{
    /// <summary>How many numbers are remembered per weight, 0 … 2.</summary>
    static abstract int Moments { get; }

    /// <summary>The new weight; updates the moments that the optimizer has.</summary>
    V Step<L, V>(V weight, V gradient, ref V first, ref V second) where L : struct, ILanes<V> where V : struct;
}

/// <summary>A run of weights with their gradients and moments, all of <see cref="Count"/> floats (a multiple of 16).</summary>
public readonly unsafe struct UpdateSlice
{
    /// <summary>The weights, changed in place.</summary>
    public float* Weights { get; init; }

    /// <summary>The gradient of the loss by the weights.</summary>
    public float* Gradients { get; init; }

    /// <summary>The first number remembered per weight; unused below one moment.</summary>
    public float* First { get; init; }

    /// <summary>The second number remembered per weight; unused below two moments.</summary>
    public float* Second { get; init; }

    /// <summary>Floats in each array.</summary>
    public int Count { get; init; }

    /// <summary>Added to the gradient, times the weight: L2 weight decay. 0 for biases.</summary>
    public float CoupledDecay { get; init; }

    /// <summary>The weight is multiplied by 1 minus this before the step: decoupled decay, learning rate included. 0 for biases.</summary>
    public float DecoupledDecay { get; init; }

    /// <summary>Whether denormal weights and moments are set to 0 here, because the processor does not.</summary>
    public bool FlushesByHand { get; init; }

    /// <summary>Receives Σ gradient² in sixteen lanes.</summary>
    public float* Squares { get; init; }
}
