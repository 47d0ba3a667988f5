using System.Diagnostics;
using System.Globalization;
using Engine.Data;

namespace Benchmarks;

/// <summary>Measures reading a CSV file of 60,000 × 784 pixels: the seconds, and the allocated bytes beyond the result.</summary>
internal static class TableBenchmark
{
    private const int Rows = 60_000, Rounds = 3;

    public static void Run()
    {
        var file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.csv");
        try
        {
            Write(file);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{new FileInfo(file).Length / 1e6:F0} MB of text"));
            foreach (var options in new[] { "?shape=28,28,1#label", "#label" })
                for (var round = 0; round < Rounds; round++)
                {
                    var (allocated, cpu, clock) = (GC.GetTotalAllocatedBytes(precise: true), Environment.CpuUsage.TotalTime, Stopwatch.StartNew());
                    var data = new DatasetCatalog().Load($"csv:{file}{options}", new DataOptions());
                    var seconds = clock.Elapsed.TotalSeconds;
                    allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
                    Console.WriteLine(string.Create(
                        CultureInfo.InvariantCulture, $"{options,-22} {seconds:F2} s ({(Environment.CpuUsage.TotalTime - cpu).TotalSeconds:F2} s of processor time), {allocated / 1e6:F0} MB allocated, {(long)data.Train.Count * data.Train.ExampleBytes / 1e6:F0} MB kept"));
                }
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static void Write(string file)
    {
        var train = Glyphs.Draw(Rows, 10).Train;
        using var writer = new StreamWriter(file);
        writer.WriteLine("label," + string.Join(',', Enumerable.Range(1, train.Features).Select(i => $"pixel{i}")));
        for (var row = 0; row < Rows; row++)
            writer.WriteLine($"{train.Labels[row]}," + string.Join(',', train.Bytes!.AsSpan(row * train.Features, train.Features).ToArray()));
    }
}
