using System.Runtime.CompilerServices;
using Engine.Kernels;
using Engine.Memory;
using Engine.Simd;

namespace Engine.Layers;

/// <summary>
/// Computes the gradients of a weight matrix and its bias, dW = xᵀ·dz and db = Σ dz over the rows, and hands them to a sink chunk by
/// chunk, while a chunk is still in the first-level cache.
/// </summary>
public sealed unsafe class ParameterGradient : IDisposable
{
    /// <summary>Rows of a panel per chunk: 48 × 64 floats are 12 KB (reference: fusing whole chunks beats fusing register tiles).</summary>
    private const int ChunkRows = 48;

    private readonly NativeBuffer chunk = new((ChunkRows + PanelProduct.SlackRows) * 4 * Panels.Lane);

    /// <summary>
    /// Gradients from <paramref name="input"/> (n × fan-in) and <paramref name="gradient"/> (n × outputs), summed over the n rows in
    /// order. Convolutions call it with one row per patch.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Dense(Rows input, Rows gradient, Parameter weight, Parameter bias, GradientSink sink)
    {
        Bias(gradient, bias, sink);
        foreach (var panel in weight.Layout.All)
        {
            for (var row = 0; row < weight.FanIn; row += ChunkRows)
            {
                var rows = Math.Min(ChunkRows, weight.FanIn - row);
                MatrixProduct.WeightGradient(input, gradient, panel, row, rows, chunk.Pointer, sink.Upcoming(weight, panel.At(row)));
                sink.Take(weight, panel.At(row), chunk.Pointer, rows * panel.Width);
            }
        }
    }

    /// <summary>How many chunks a parameter's gradient comes in.</summary>
    public static int Chunks(Parameter parameter) => parameter.Layout.All.Length * ((parameter.Layout.Rows + ChunkRows - 1) / ChunkRows);

    private void Bias(Rows gradient, Parameter bias, GradientSink sink)
    {
        const int Most = 4 * Panels.Lane;
        for (var column = 0; column < bias.Layout.Stride; column += Most)
        {
            var columns = Math.Min(Most, bias.Layout.Stride - column);
            SimdPath.Run(new ColumnSums
            {
                Source = gradient.Data + column, Sums = chunk.Pointer, Rows = gradient.Count, Columns = columns, Stride = gradient.Stride,
            });
            sink.Take(bias, column, chunk.Pointer, columns);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => chunk.Dispose();
}
