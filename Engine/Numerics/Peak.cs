using System.Runtime.CompilerServices;

namespace Engine.Numerics;

/// <summary>The peak performance of one core and the performance of the engine on it, for <c>sweep doctor</c>.</summary>
/// <param name="Path">The vector width in use.</param>
/// <param name="PeakGflops">
/// 10⁹ floating-point operations per second of multiply-adds in registers; a multiply-add is two operations.
/// </param>
/// <param name="ProductGflops">The same for a product of a training step: (64 × 784) · (784 × 128).</param>
/// <param name="FlushesDenormals">Whether training threads flush denormals; if not, training can be several times slower.</param>
public sealed record PeakReport(SimdWidth Path, double PeakGflops, double ProductGflops, bool FlushesDenormals)
{
    /// <summary>The product's share of the peak.</summary>
    public double Share => ProductGflops / PeakGflops;
}

/// <summary>Measures the performance of the core that runs it.</summary>
public static unsafe class Peak
{
    private const int Rows = 64, Depth = 784, Columns = 128, Repetitions = 12, Rounds = 24, Iterations = 300_000;

    /// <summary>
    /// Measures for about a tenth of a second. Alternates short rounds of peak and product and uses the fastest of each, which other
    /// processes disturb least.
    /// </summary>
    /// <param name="time">The clock; the system's when null.</param>
    public static PeakReport Measure(TimeProvider? time = null)
    {
        time ??= TimeProvider.System;
        using var memory = new NativeBuffer(48);
        var layout = new Panels(Depth, Columns);
        using NativeBuffer weights = new(layout.Length), bias = new(Columns);
        using RowsBuffer input = new(Rows, Depth), output = new(Rows, Columns);
        double loop = double.PositiveInfinity, product = double.PositiveInfinity;
        for (var round = 0; round < Rounds; round++)
        {
            loop = Math.Min(loop, Seconds(time, () => SimdPath.Run(new FmaLoop { Memory = memory.Pointer, Iterations = Iterations })));
            product = Math.Min(product, Seconds(time, () =>
            {
                for (var i = 0; i < Repetitions; i++)
                    MatrixProduct.Forward(input.Take(Rows), layout, weights.Pointer, bias.Pointer, output.Take(Rows), Worker.Alone);
            }));
        }
        var lanes = (int)SimdPath.Current / 32;
        return new PeakReport(
            SimdPath.Current,
            2.0 * FmaLoop.Chains * lanes * Iterations / loop / 1e9,
            2.0 * Rows * Depth * Columns * Repetitions / product / 1e9,
            DenormalFlush.Available);
    }

    private static double Seconds(TimeProvider time, Action work)
    {
        var start = time.GetTimestamp();
        work();
        return time.GetElapsedTime(start).TotalSeconds;
    }
}

/// <summary>Twelve independent chains of fused multiply-adds in registers, the highest floating-point throughput of a core.</summary>
internal unsafe struct FmaLoop : IKernel
{
    /// <summary>Multiply-adds per lane and iteration.</summary>
    public const int Chains = 12;

    /// <summary>
    /// Three vectors of sixteen floats: two factors, and the sum, which is stored so that the compiler does not remove the loop.
    /// </summary>
    public float* Memory;

    public int Iterations;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Run<L, V>() where L : struct, ILanes<V> where V : struct
    {
        V a = L.Load(Memory), b = L.Load(Memory + 16);
        V c0 = a, c1 = a, c2 = a, c3 = a, c4 = a, c5 = a, c6 = a, c7 = a, c8 = a, c9 = a, c10 = a, c11 = a;
        for (var i = Iterations; i > 0; i--)
        {
            c0 = L.Fma(a, b, c0);
            c1 = L.Fma(a, b, c1);
            c2 = L.Fma(a, b, c2);
            c3 = L.Fma(a, b, c3);
            c4 = L.Fma(a, b, c4);
            c5 = L.Fma(a, b, c5);
            c6 = L.Fma(a, b, c6);
            c7 = L.Fma(a, b, c7);
            c8 = L.Fma(a, b, c8);
            c9 = L.Fma(a, b, c9);
            c10 = L.Fma(a, b, c10);
            c11 = L.Fma(a, b, c11);
        }
        var low = L.Add(L.Add(L.Add(c0, c1), L.Add(c2, c3)), L.Add(c4, c5));
        var high = L.Add(L.Add(L.Add(c6, c7), L.Add(c8, c9)), L.Add(c10, c11));
        L.Store(Memory + 32, L.Add(low, high));
    }
}
