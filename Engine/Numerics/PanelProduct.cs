using System.Runtime.CompilerServices;

namespace Engine.Numerics;

/// <summary>
/// C = Start + A·B for one panel of B: (rows × depth) · (depth × 16·<see cref="Vectors"/>). Every value of C is a sum over the depth in
/// order, one fused multiply-add per term, so that the bits do not depend on the vector width and the tile.
/// </summary>
/// <remarks>
/// The row count is rounded up to whole tiles, at most seven more rows: A must be readable and C writable for <see cref="SlackRows"/> more
/// rows. C must not overlap A or B; it may be Start.
/// </remarks>
internal unsafe struct PanelProduct : IKernel
{
    /// <summary>The number of rows after the last one that a product may read and write.</summary>
    public const int SlackRows = 8;

    /// <summary>
    /// The number of tiles between two calls of <see cref="RowFetch.Fetch"/>: small, so that a core is not asked for more cache lines than
    /// it can fetch at a time.
    /// </summary>
    private const int TilesAtOnce = 4;

    /// <summary>Addresses and strides of the first tile.</summary>
    public TileArguments Tile;

    /// <summary>Rows of A and C.</summary>
    public int Rows;

    /// <summary>The examples to prefetch during the product, a portion per row; null for none.</summary>
    public RowFetch? Ahead;

    /// <summary>Width of the panel in groups of sixteen columns, 1 … 4.</summary>
    public int Vectors;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Run<L, V>() where L : struct, ILanes<V> where V : struct
    {
        // Tiles of narrower vectors span at most sixteen columns, so that all tiles have the same number of vectors.
        var left = Vectors * (Panels.Lane / L.Width);
        var most = Math.Min(TileShape.MaxVectors(TileShape.Registers), L.Width == Panels.Lane ? left : Panels.Lane / L.Width);
        for (var column = 0; left > 0; left -= most, column += most * L.Width)
        {
            var tile = Tile;
            tile.B += column;
            tile.Start += column;
            tile.C += column;
            switch (Math.Min(most, left))
            {
                case 4: Column<L, V, Four>(ref tile); break;
                case 3: Column<L, V, Three>(ref tile); break;
                case 2: Column<L, V, Two>(ref tile); break;
                default: Column<L, V, One>(ref tile); break;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Column<L, V, TVectors>(ref TileArguments tile) where L : struct, ILanes<V> where V : struct where TVectors : struct, ICount
    {
        var isMasked = tile.Mask is not null;
        var hasSegments = tile.Segments > 1;
        var tall = isMasked ? TileShape.MaskedRows(TileShape.Registers) : TileShape.Rows(TileShape.Registers, TVectors.Value);
        for (var left = Rows; left > 0;)
        {
            var rows = left % tall is > 0 and <= 4 ? 4 : tall;
            var tiles = rows < tall ? 1 : Math.Min((left + tall - 1) / tall, TilesAtOnce);
            switch (rows, isMasked, hasSegments)
            {
                case (8, _, false): Tile<L, V, Eight, TVectors>.Run(ref tile, tiles); break;
                case (6, false, false): Tile<L, V, Six, TVectors>.Run(ref tile, tiles); break;
                case (_, false, false): Tile<L, V, Four, TVectors>.Run(ref tile, tiles); break;
                case (6, true, _): Tile<L, V, Six, TVectors>.RunMasked(ref tile, tiles); break;
                case (_, true, _): Tile<L, V, Four, TVectors>.RunMasked(ref tile, tiles); break;
                case (8, _, true): Tile<L, V, Eight, TVectors>.RunSegments(ref tile, tiles); break;
                case (6, _, true): Tile<L, V, Six, TVectors>.RunSegments(ref tile, tiles); break;
                default: Tile<L, V, Four, TVectors>.RunSegments(ref tile, tiles); break;
            }
            left -= rows * tiles;
            Ahead?.Fetch(rows * tiles);
        }
    }
}
