using System.Runtime.CompilerServices;
using Engine.Data;
using Engine.Numerics;

namespace Engine.Networks;

/// <summary>Applies an activation function to every value, in place on its predecessor's output.</summary>
public sealed unsafe class ActivationLayer<TFunction> : ILayer where TFunction : struct, IActivationFunction
{
    private readonly RowsBuffer? output;
    private Rows kept;

    /// <summary>An activation of rows of the given shape, up to <paramref name="capacity"/> of them.</summary>
    public ActivationLayer(ImageShape shape, int capacity)
    {
        Output = shape;
        output = TFunction.NeedsInput ? new RowsBuffer(capacity, shape.Size) : null;
    }

    /// <inheritdoc/>
    public ImageShape Output { get; }

    /// <inheritdoc/>
    public IReadOnlyList<Parameter> Parameters => [];

    /// <inheritdoc/>
    public Rows Forward(Rows input, in Pass pass)
    {
        var result = output?.Take(input.Count) ?? input;
        SimdPath.Run(new ForwardKernel { From = input.Data, To = result.Data, Count = (long)input.Count * input.Stride });
        kept = output is null ? result : input;
        return result;
    }

    /// <inheritdoc/>
    public Rows Backward(Rows gradient, bool needInputGradient, GradientSink sink)
    {
        SimdPath.Run(new BackwardKernel { Kept = kept.Data, Gradient = gradient.Data, Count = (long)gradient.Count * gradient.Stride });
        return gradient;
    }

    /// <inheritdoc/>
    public void Dispose() => output?.Dispose();

    private struct ForwardKernel : IKernel
    {
        public float* From, To;
        public long Count;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<L, V>() where L : struct, ILanes<V> where V : struct
        {
            float* from = From, to = To, end = From + Count;
            for (; from < end; from += L.Width, to += L.Width)
                L.Store(to, TFunction.Forward<L, V>(L.Load(from)));
        }
    }

    private struct BackwardKernel : IKernel
    {
        public float* Kept, Gradient;
        public long Count;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<L, V>() where L : struct, ILanes<V> where V : struct
        {
            float* kept = Kept, gradient = Gradient, end = Kept + Count;
            for (; kept < end; kept += L.Width, gradient += L.Width)
                L.Store(gradient, TFunction.Backward<L, V>(L.Load(kept), L.Load(gradient)));
        }
    }
}
