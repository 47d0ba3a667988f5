using Engine.Simd;

namespace Engine.Layers.Functions;

/// <summary>An elementwise activation y = f(x): one small struct, compiled into the loop.</summary>
public interface IActivationFunction
{
    /// <summary>Whether <see cref="Backward"/> reads the input x; otherwise it reads the output y, and x is overwritten.</summary>
    static abstract bool NeedsInput { get; }

    /// <summary>f(x).</summary>
    static abstract V Forward<L, V>(V x) where L : struct, ILanes<V> where V : struct;

    /// <summary>dy · f′(x), where <paramref name="kept"/> is x or y.</summary>
    static abstract V Backward<L, V>(V kept, V dy) where L : struct, ILanes<V> where V : struct;
}
