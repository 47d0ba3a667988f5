using Engine.Simd;

namespace Engine.Optimization;

/// <summary>An optimizer's arithmetic for one weight: a struct of this step's coefficients, compiled into <see cref="UpdateLoop{TRule}"/>.</summary>
public interface IUpdateRule
{
    /// <summary>How many numbers are remembered per weight, 0 … 2.</summary>
    static abstract int Moments { get; }

    /// <summary>The new weight; updates the moments that the optimizer has.</summary>
    V Step<L, V>(V weight, V gradient, ref V first, ref V second) where L : struct, ILanes<V> where V : struct;
}
