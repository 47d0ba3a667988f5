using Engine.Numerics;

namespace Engine.Networks;

/// <summary>
/// The update of one vector of weights: a struct with this step's coefficients, which the compiler inlines into
/// <see cref="UpdateLoop{TRule}"/>.
/// </summary>
public interface IUpdateRule
{
    /// <summary>The number of moments per weight, 0 … 2.</summary>
    static abstract int Moments { get; }

    /// <summary>Returns the new weights and updates the moments. Unused moments are 0.</summary>
    V Step<L, V>(V weight, V gradient, ref V first, ref V second) where L : struct, ILanes<V> where V : struct;
}

/// <summary>Consecutive weights with their gradients and moments, <see cref="Count"/> floats each (a multiple of 16).</summary>
public readonly unsafe struct UpdateSlice
{
    /// <summary>The weights, changed in place.</summary>
    public float* Weights { get; init; }

    /// <summary>The gradient of the loss by the weights.</summary>
    public float* Gradients { get; init; }

    /// <summary>The first moment of each weight; unused by optimizers without moments.</summary>
    public float* First { get; init; }

    /// <summary>The second moment of each weight; unused by optimizers with fewer than two.</summary>
    public float* Second { get; init; }

    /// <summary>The number of floats in each array.</summary>
    public int Count { get; init; }

    /// <summary>λ of coupled (L2) weight decay: λ·weight is added to the gradient. 0 for biases.</summary>
    public float CoupledDecay { get; init; }

    /// <summary>
    /// Decoupled weight decay, including the learning rate: the weight is multiplied by 1 minus this value before the step. 0 for biases.
    /// </summary>
    public float DecoupledDecay { get; init; }

    /// <summary>
    /// Whether the loop sets denormal weights and moments to 0, because the processor does not flush them on this thread.
    /// </summary>
    public bool FlushesByHand { get; init; }

    /// <summary>The destination of Σ gradient², in sixteen lanes.</summary>
    public float* Squares { get; init; }
}
