using System.Runtime.CompilerServices;
using Engine.Numerics;

namespace Engine.Networks;

/// <summary>
/// Accumulates gradients over several passes, for steps that need the whole gradient first: clipping, and batches larger than a pass.
/// </summary>
public sealed unsafe class SumSink : GradientSink, IDisposable
{
    private const int Chunk = 3072;
    private readonly Parameter[] parameters;
    private readonly NativeBuffer[] sums;

    /// <summary>Allocates the sums of every parameter, all 0.</summary>
    public SumSink(IReadOnlyList<Parameter> parameters)
    {
        this.parameters = [.. parameters];
        sums = [.. parameters.Select(p => new NativeBuffer(p.Layout.Length))];
    }

    /// <summary>Sets all sums to 0.</summary>
    public void Clear()
    {
        foreach (var sum in sums)
            sum.Span.Clear();
    }

    /// <summary>False: <see cref="Clear"/> already sets all sums to 0.</summary>
    internal override bool NeedsZeros => false;

    /// <inheritdoc/>
    public override void Accept(Parameter parameter, int piece, long offset, float* gradient, int count) =>
        SimdPath.Run(new Accumulate { To = sums[parameter.Index].Pointer + offset, From = gradient, Count = count });

    /// <summary>The gradient of a parameter so far, in panels.</summary>
    public NativeBuffer Sum(Parameter parameter) => sums[parameter.Index];

    /// <summary>The Euclidean norm over all parameters.</summary>
    public double Norm()
    {
        var squares = 0.0;
        foreach (var sum in sums)
            for (long at = 0; at < sum.Length; at += Chunk)
                squares += SumOfSquares.Of(sum.Pointer + at, (int)Math.Min(Chunk, sum.Length - at));
        return Math.Sqrt(squares);
    }

    /// <summary>The number of pieces in which <see cref="Apply"/> passes the gradient of a parameter on.</summary>
    public static int Pieces(Parameter parameter) => (int)((parameter.Layout.Length + Chunk - 1) / Chunk);

    /// <summary>Multiplies the worker's share of all gradients by a factor and applies an optimizer's step with them.</summary>
    public void Apply(float factor, StepSink step, Worker worker)
    {
        foreach (var parameter in parameters)
        {
            var sum = sums[parameter.Index];
            for (long at = 0; at < sum.Length; at += Chunk)
            {
                var count = (int)Math.Min(Chunk, sum.Length - at);
                if (!worker.Owns(at, count, sum.Length))
                    continue;
                if (factor != 1)
                    SimdPath.Run(new Scale { Values = sum.Pointer + at, Factor = factor, Count = count });
                step.Accept(parameter, (int)(at / Chunk), at, sum.Pointer + at, count);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var sum in sums)
            sum.Dispose();
    }
}

/// <summary>to = to + from, for a multiple of 16 floats.</summary>
internal unsafe struct Accumulate : IKernel
{
    public float* To, From;
    public int Count;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Run<L, V>() where L : struct, ILanes<V> where V : struct
    {
        for (var i = 0; i < Count; i += L.Width)
            L.Store(To + i, L.Add(L.Load(To + i), L.Load(From + i)));
    }
}

/// <summary>values = values · factor, for a multiple of 16 floats.</summary>
internal unsafe struct Scale : IKernel
{
    public float* Values;
    public float Factor;
    public int Count;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Run<L, V>() where L : struct, ILanes<V> where V : struct
    {
        var factor = L.Broadcast(Factor);
        for (var i = 0; i < Count; i += L.Width)
            L.Store(Values + i, L.Multiply(L.Load(Values + i), factor));
    }
}
