using System.Runtime.CompilerServices;
using Engine.Numerics;

namespace Engine.Networks;

/// <summary>
/// Computes the gradients of a weight matrix and its bias, dW = xᵀ·dz and db = Σ dz over the rows, and hands them to a sink chunk by
/// chunk, while a chunk is still in the cache.
/// </summary>
public sealed unsafe class ParameterGradient : IDisposable
{
    /// <summary>
    /// The most rows of a panel per chunk: 200 × 64 floats are 51 KB. A chunk small enough for the first-level cache is slower: after every
    /// step the gradient of the outputs must be loaded into it again.
    /// </summary>
    private const int MostRows = 200;

    private readonly NativeBuffer chunk = new((MostRows + PanelProduct.SlackRows) * 4 * Panels.Lane);

    /// <summary>
    /// Gradients from <paramref name="input"/> (n × fan-in) and <paramref name="gradient"/> (n × outputs), summed over the n rows in
    /// order. Convolutions call it with one row per patch.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Dense(Rows input, Rows gradient, Parameter weight, Parameter bias, GradientSink sink)
    {
        Bias(gradient, bias, sink);
        var count = (weight.FanIn + MostRows - 1) / MostRows;
        var chunkRows = (weight.FanIn + 4 * count - 1) / (4 * count) * 4;
        // Backwards, so that the weights which the next forward pass reads first are the last to enter the cache.
        for (var i = weight.Layout.All.Length - 1; i >= 0; i--)
        {
            var panel = weight.Layout.All[i];
            for (var row = (weight.FanIn - 1) / chunkRows * chunkRows; row >= 0; row -= chunkRows)
            {
                var rows = Math.Min(chunkRows, weight.FanIn - row);
                MatrixProduct.WeightGradient(input, gradient, panel, row, rows, chunk.Pointer, sink.Ahead);
                sink.Accept(weight, panel.At(row), chunk.Pointer, rows * panel.Width);
            }
        }
    }

    /// <summary>Rows of the products that a parameter's gradient takes.</summary>
    public static int ProductRows(Parameter parameter) => parameter.IsBias ? 0 : parameter.Layout.All.Length * parameter.Layout.Rows;

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
            sink.Accept(bias, column, chunk.Pointer, columns);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => chunk.Dispose();
}
