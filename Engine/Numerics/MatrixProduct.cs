namespace Engine.Numerics;

/// <summary>Products of batches and panels of weights. Shapes are (rows × columns).</summary>
internal static unsafe class MatrixProduct
{
    /// <summary>A row of zeros as wide as the widest panel: the initial value of sums without a bias.</summary>
    public static readonly NativeBuffer Zeros = new(4 * Panels.Lane);

    /// <summary>
    /// Computes the worker's share of output (count × columns) = input (count × rows) · weights (rows × columns) + bias, divided as
    /// <see cref="Rows.Columns"/> of the output says. A null bias is 0.
    /// </summary>
    public static void Forward(Rows input, Panels layout, float* weights, float* bias, Rows output, Worker worker)
    {
        foreach (var panel in layout.All)
        {
            var (first, count) = output.Columns is null ? worker.Examples(input.Count) : worker.Rows(layout, panel, input.Count);
            if (count == 0)
                continue;
            SimdPath.Run(new PanelProduct
            {
                Rows = count,
                Vectors = panel.Vectors,
                Tile = new TileArguments
                {
                    A = input[first],
                    RowStrideA = input.Stride,
                    DepthStrideA = 1,
                    B = weights + panel.Offset,
                    StrideB = panel.Width,
                    Depth = layout.Rows,
                    Start = bias is null ? Zeros.Pointer : bias + panel.FirstColumn,
                    C = output[first] + panel.FirstColumn,
                    StrideC = output.Stride,
                    Mask = input.Masks is { } masks ? masks.ByExamples + first / ZeroMasks.Group * masks.WordsPerGroup : null,
                    MaskStride = 1,
                    MaskGroupStride = input.Masks?.WordsPerGroup ?? 0,
                },
            });
        }
    }

    /// <summary>
    /// Computes chunk (rows × panel columns) = rows firstRow … of inputᵀ · gradient, summed over the examples in order.
    /// <paramref name="firstRow"/> must be a multiple of 4. The chunk needs room for <see cref="PanelProduct.SlackRows"/> more rows.
    /// </summary>
    public static void WeightGradient(
        Rows input, Rows gradient, Panel panel, int firstRow, int rows, float* chunk, RowFetch? ahead)
    {
        SimdPath.Run(new PanelProduct
        {
            Rows = rows,
            Vectors = panel.Vectors,
            Ahead = ahead,
            Tile = new TileArguments
            {
                A = input.Data + firstRow,
                RowStrideA = 1,
                DepthStrideA = input.Stride,
                B = gradient.Data + panel.FirstColumn,
                StrideB = gradient.Stride,
                Depth = gradient.Count,
                Start = Zeros.Pointer,
                C = chunk,
                StrideC = panel.Width,
                Mask = input.Masks is { } masks ? masks.ByPixels + firstRow / ZeroMasks.Group : null,
                MaskStride = input.Masks?.WordStride ?? 0,
                MaskGroupStride = 1,
            },
        });
    }
}
