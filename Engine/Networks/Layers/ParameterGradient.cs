using System.Runtime.CompilerServices;
using Engine.Numerics;

namespace Engine.Networks;

/// <summary>
/// Computes the gradients of a weight matrix and its bias, dW = xᵀ·dz and db = Σ dz over the rows, and passes them to a sink chunk by
/// chunk, while a chunk is still in the cache.
/// </summary>
public static unsafe class ParameterGradient
{
    /// <summary>
    /// The largest number of rows of a panel per chunk: 200 × 64 floats are 51 KB. Smaller chunks that fit the first-level cache are
    /// slower, because the gradient of the outputs must be loaded again for every chunk.
    /// </summary>
    private const int MaxRows = 200;

    private const int MaxColumns = 4 * Panels.Lane;

    /// <summary>
    /// Computes the worker's share of the gradients from <paramref name="input"/> (n × fan-in) and <paramref name="gradient"/> (n ×
    /// outputs), summed over the n rows in order. The chunks do not depend on the number of workers.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Dense(Rows input, Rows gradient, Parameter weight, Parameter bias, GradientSink sink, Worker worker)
    {
        var chunk = ThreadMemory.Floats((MaxRows + PanelProduct.SlackRows) * MaxColumns);
        Bias(gradient, bias, sink, chunk, worker);
        var chunkRows = ChunkRows(weight.FanIn);
        var piece = 0;
        // In reverse order, so that the weights which the next forward pass reads first enter the cache last.
        for (var i = weight.Layout.All.Length - 1; i >= 0; i--)
        {
            var panel = weight.Layout.All[i];
            for (var row = (weight.FanIn - 1) / chunkRows * chunkRows; row >= 0; row -= chunkRows, piece++)
            {
                var rows = Math.Min(chunkRows, weight.FanIn - row);
                if (!worker.Owns(panel.At(row), rows * panel.Width, weight.Layout.Length))
                    continue;
                MatrixProduct.WeightGradient(input, gradient, panel, row, rows, chunk, worker.Ahead);
                sink.Accept(weight, piece, panel.At(row), chunk, rows * panel.Width);
            }
        }
    }

    /// <summary>
    /// The number of rows of products for a parameter's gradient: the portions of work that <see cref="RowFetch"/> counts.
    /// </summary>
    public static int ProductRows(Parameter parameter) => parameter.IsBias ? 0 : parameter.Layout.All.Length * parameter.Layout.Rows;

    /// <summary>The number of pieces in which <see cref="Dense"/> passes the gradient of a parameter to a sink.</summary>
    public static int Pieces(Parameter parameter) => parameter.IsBias
        ? (parameter.Layout.Stride + MaxColumns - 1) / MaxColumns
        : parameter.Layout.All.Length * ((parameter.FanIn - 1) / ChunkRows(parameter.FanIn) + 1);

    private static int ChunkRows(int rows)
    {
        var count = (rows + MaxRows - 1) / MaxRows;
        return (rows + 4 * count - 1) / (4 * count) * 4;
    }

    private static void Bias(Rows gradient, Parameter bias, GradientSink sink, float* sums, Worker worker)
    {
        for (var column = 0; column < bias.Layout.Stride; column += MaxColumns)
        {
            var columns = Math.Min(MaxColumns, bias.Layout.Stride - column);
            if (!worker.Owns(column, columns, bias.Layout.Stride))
                continue;
            SimdPath.Run(new ColumnSums
            {
                Source = gradient.Data + column, Sums = sums, Rows = gradient.Count, Columns = columns, Stride = gradient.Stride,
            });
            sink.Accept(bias, column / MaxColumns, column, sums, columns);
        }
    }
}
