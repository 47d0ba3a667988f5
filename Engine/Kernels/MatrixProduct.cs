using Engine.Memory;
using Engine.Simd;

namespace Engine.Kernels;

/// <summary>Products of batches with panels of weights. Shapes in the comments are (rows × columns).</summary>
internal static unsafe class MatrixProduct
{
    /// <summary>A row of zeros as long as the widest panel.</summary>
    private static readonly NativeBuffer Zeros = new(4 * Panels.Lane);

    /// <summary>output (count × columns) = input (count × rows) · weights (rows × columns) + bias, or without one when it is null.</summary>
    public static void Forward(
        float* input, int inputStride, int count, Panels layout, float* weights, float* bias, float* output, int outputStride)
    {
        foreach (var panel in layout.All)
        {
            SimdPath.Run(new PanelProduct
            {
                Rows = count,
                Vectors = panel.Vectors,
                Tile = new TileArguments
                {
                    A = input,
                    RowStrideA = inputStride,
                    DepthStrideA = 1,
                    B = weights + panel.Offset,
                    StrideB = panel.Width,
                    Depth = layout.Rows,
                    Start = bias is null ? Zeros.Pointer : bias + panel.FirstColumn,
                    C = output + panel.FirstColumn,
                    StrideC = outputStride,
                },
            });
        }
    }

    /// <summary>
    /// chunk (rows × panel columns) = rows firstRow … of inputᵀ · gradient, summed over the count examples in order. The chunk needs room
    /// for <see cref="PanelProduct.SlackRows"/> more rows.
    /// </summary>
    public static void WeightGradient(
        float* input, int inputStride, float* gradient, int gradientStride, int count, Panel panel, int firstRow, int rows, float* chunk)
    {
        SimdPath.Run(new PanelProduct
        {
            Rows = rows,
            Vectors = panel.Vectors,
            Tile = new TileArguments
            {
                A = input + firstRow,
                RowStrideA = 1,
                DepthStrideA = inputStride,
                B = gradient + panel.FirstColumn,
                StrideB = gradientStride,
                Depth = count,
                Start = Zeros.Pointer,
                C = chunk,
                StrideC = panel.Width,
            },
        });
    }
}
