using Engine.Kernels;
using Engine.Layers;
using Engine.Memory;
using Engine.Numerics;
using Engine.Simd;

namespace Engine.Diagnostics;

/// <summary>What one core can do and what the engine gets out of it, for <c>sweep doctor</c>.</summary>
/// <param name="Path">The vector width in use.</param>
/// <param name="PeakGflops">10⁹ operations per second of multiply-adds in registers (a multiply-add counts as two).</param>
/// <param name="ProductGflops">The same for a product of a training step: (64 × 784) · (784 × 128).</param>
/// <param name="FlushesDenormals">Whether training threads flush denormals; without it, training can be several times slower.</param>
public sealed record PeakReport(SimdWidth Path, double PeakGflops, double ProductGflops, bool FlushesDenormals)
{
    /// <summary>The product's share of the peak.</summary>
    public double Share => ProductGflops / PeakGflops;
}

/// <summary>Measures the core that it runs on.</summary>
public static unsafe class Peak
{
    private const int Rows = 64, Depth = 784, Columns = 128, Repetitions = 12, Rounds = 24, Iterations = 300_000;

    /// <summary>
    /// Takes about a tenth of a second. On a machine with other work the best of many short rounds counts, peak and product in
    /// alternation.
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
                    MatrixProduct.Forward(input.Take(Rows), layout, weights.Pointer, bias.Pointer, output.Take(Rows));
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
