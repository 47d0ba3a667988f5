using System.Runtime.CompilerServices;

namespace Engine.Numerics;

/// <summary>
/// C = Start + A·B for one panel of B: (rows × depth) · (depth × 16·<see cref="Vectors"/>). Every value of C is a sum over the depth in
/// order, one fused multiply-add per term, whatever the vector width and the tile.
/// </summary>
/// <remarks>
/// The row count is rounded up to the tiles (at most seven rows more): A must be readable and C writable that far
/// (<see cref="SlackRows"/>). C must not overlap A or B; it may be Start.
/// </remarks>
internal unsafe struct PanelProduct : IKernel
{
    /// <summary>Rows beyond the last that a product may read and write.</summary>
    public const int SlackRows = 8;

    /// <summary>Addresses and strides of the first tile.</summary>
    public TileArguments Tile;

    /// <summary>Rows of A and C.</summary>
    public int Rows;

    /// <summary>From the mask of four rows to that of the next four, in words; read only when the tile has a mask.</summary>
    public nint MaskRowStride;

    /// <summary>Fetched while the product runs, a portion per row; null for nothing.</summary>
    public RowFetch? Ahead;

    /// <summary>Width of the panel in groups of sixteen columns, 1 … 4.</summary>
    public int Vectors;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Run<L, V>() where L : struct, ILanes<V> where V : struct
    {
        if (L.Width == Panels.Lane)
        {
            Columns<L, V>(Tile, Vectors);
            return;
        }
        for (var vector = 0; vector < Vectors; vector++)
        {
            var tile = Tile;
            tile.B += vector * Panels.Lane;
            tile.Start += vector * Panels.Lane;
            tile.C += vector * Panels.Lane;
            Columns<L, V>(tile, Panels.Lane / L.Width);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Columns<L, V>(TileArguments tile, int vectors) where L : struct, ILanes<V> where V : struct
    {
        if (tile.Mask is not null)
        {
            Masked<L, V>(tile, vectors);
            return;
        }
        var tall = vectors == 4 ? 6 : 8;
        for (var left = Rows; left > 0;)
        {
            var rows = left % tall is > 0 and <= 4 ? 4 : tall;
            switch (vectors, rows)
            {
                case (4, 6): Tile4<L, V>.Six(tile); break;
                case (4, _): Tile4<L, V>.Four(tile); break;
                case (3, 8): Tile3<L, V>.Eight(tile); break;
                case (3, _): Tile3<L, V>.Four(tile); break;
                case (2, 8): Tile2<L, V>.Eight(tile); break;
                case (2, _): Tile2<L, V>.Four(tile); break;
                case (1, 8): Tile1<L, V>.Eight(tile); break;
                default: Tile1<L, V>.Four(tile); break;
            }
            left -= rows;
            Ahead?.Fetch(rows);
            tile.A += rows * tile.RowStrideA;
            tile.Start += rows * tile.StartStride;
            tile.C += rows * tile.StrideC;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Masked<L, V>(TileArguments tile, int vectors) where L : struct, ILanes<V> where V : struct
    {
        for (var left = Rows; left > 0; left -= 4)
        {
            Ahead?.Fetch(4);
            switch (vectors)
            {
                case 4: MaskedTile<L, V>.Four(tile); break;
                case 3: MaskedTile<L, V>.Three(tile); break;
                case 2: MaskedTile<L, V>.Two(tile); break;
                default: MaskedTile<L, V>.One(tile); break;
            }
            tile.A += 4 * tile.RowStrideA;
            tile.Start += 4 * tile.StartStride;
            tile.C += 4 * tile.StrideC;
            tile.Mask += MaskRowStride;
        }
    }
}
