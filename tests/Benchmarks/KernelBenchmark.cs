using System.Diagnostics;
using Engine.Networks;
using Engine.Numerics;

namespace Benchmarks;

/// <summary>
/// Measures the matrix products of a training step as fractions of the core's peak, at every vector width: with all terms, and with zeros
/// skipped (the fraction still counts all terms). On a processor with AVX-512, a second process measures AVX2 with its sixteen registers.
/// </summary>
internal static unsafe class KernelBenchmark
{
    private const int Rounds = 40;
    private static readonly double[] Densities = [0.3, 0.5, 0.7, 0.8, 0.9];

    public static int Run()
    {
        EngineBenchmark.Pin(1 << (Environment.ProcessorCount - 1));
        foreach (var width in Enum.GetValues<SimdWidth>().Where(width => width <= SimdPath.Widest).OrderDescending())
        {
            using var scope = SimdPath.UseOnThisThread(width);
            var peak = Peak.Measure().PeakGflops;
            Console.WriteLine($"{width}, {TileShape.Registers} registers, peak {peak:F0} GFLOP/s");
            foreach (var (rows, depth, columns) in new[] { (64, 784, 128), (32, 784, 64), (16, 784, 32), (64, 128, 128), (16, 32, 32), (64, 784, 400), (64, 128, 10) })
                Print($"({rows} × {depth}) · ({depth} × {columns})", Forward(rows, depth, columns, 1) / peak, Gradient(rows, depth, columns, 1) / peak);
            foreach (var density in Densities)
                Print($"(64 × 784) · (784 × 128), {density:P0} not 0", Forward(64, 784, 128, density) / peak, Gradient(64, 784, 128, density) / peak);
        }
        return SimdPath.Widest == SimdWidth.Avx512 ? RunWithoutAvx512() : 0;
    }

    private static void Print(string product, double forward, double gradient) =>
        Console.WriteLine($"  {product,-44} forward {forward,5:P0}, weight gradient {gradient,5:P0}");

    private static int RunWithoutAvx512()
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { Environment = { ["DOTNET_EnableAVX512"] = "0" } };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            start.ArgumentList.Add(typeof(KernelBenchmark).Assembly.Location);
        start.ArgumentList.Add("kernels");
        using var process = Process.Start(start)!;
        process.WaitForExit();
        return process.ExitCode;
    }

    private static double Forward(int rows, int depth, int columns, double density)
    {
        var layout = new Panels(depth, columns);
        using NativeBuffer weights = new(layout.Length), bias = new(layout.Stride);
        using RowsBuffer input = new(rows, depth), output = new(rows, columns);
        using var masks = Masks(rows, depth, density, (example, pixel) => (example / 12, pixel));
        var x = new Rows(input.Take(rows).Data, rows, depth, input.Stride, masks);
        return Gflops(2.0 * rows * depth * columns, () => MatrixProduct.Forward(x, layout, weights.Pointer, bias.Pointer, output.Take(rows), Worker.Alone));
    }

    private static double Gradient(int rows, int depth, int columns, double density)
    {
        var layout = new Panels(depth, columns);
        using var chunk = new NativeBuffer((200 + PanelProduct.SlackRows) * 4 * Panels.Lane);
        using RowsBuffer input = new(rows, depth), gradient = new(rows, columns);
        using var masks = Masks(rows, depth, density, (example, pixel) => (example, pixel % 196 / 12 + pixel / 196 * 17));
        var x = new Rows(input.Take(rows).Data, rows, depth, input.Stride, masks);
        return Gflops(2.0 * rows * depth * columns, () =>
        {
            foreach (var panel in layout.All)
                for (var row = 0; row < depth; row += 196)
                    MatrixProduct.WeightGradient(x, gradient.Take(rows), panel, row, Math.Min(196, depth - row), chunk.Pointer, null);
        });
    }

    /// <summary>Zero masks whose tiles have the given fraction of non-zero terms: all values of a group are 0, or none.</summary>
    private static ZeroMasks? Masks(int rows, int features, double density, Func<int, int, (int, int)> group)
    {
        if (density == 1)
            return null;
        var pixels = new byte[rows * features];
        for (var i = 0; i < pixels.Length; i++)
        {
            var (first, second) = group(i / features, i % features);
            pixels[i] = RandomStream.For((ulong)first, default, (ulong)second).NextDouble() < density ? (byte)1 : (byte)0;
        }
        var masks = new ZeroMasks(features, rows);
        fixed (byte* bytes = pixels)
        fixed (int* indices = Enumerable.Range(0, rows).ToArray())
            masks.Fill(bytes, indices, rows, Worker.Alone);
        return masks;
    }

    private static double Gflops(double operations, Action work)
    {
        var repetitions = (int)Math.Max(1, 2e7 / operations);
        var best = double.PositiveInfinity;
        for (var round = 0; round < Rounds; round++)
        {
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < repetitions; i++)
                work();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        return operations * repetitions / best / 1e9;
    }
}
