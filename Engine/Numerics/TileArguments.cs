using System.Runtime.CompilerServices;

namespace Engine.Numerics;

/// <summary>The operands of a register tile; strides are in floats.</summary>
internal unsafe struct TileArguments
{
    /// <summary>The tile's first value of the left matrix.</summary>
    public float* A;

    /// <summary>The stride between rows of the tile in the left matrix.</summary>
    public nint RowStrideA;

    /// <summary>The stride between terms of the sum in the left matrix.</summary>
    public nint DepthStrideA;

    /// <summary>The tile's first value of the right matrix.</summary>
    public float* B;

    /// <summary>The stride between terms of the sum in the right matrix.</summary>
    public nint StrideB;

    /// <summary>The number of terms of every sum, per segment.</summary>
    public nint Depth;

    /// <summary>The number of segments of <see cref="Depth"/> terms; 0 means 1. The segments are consecutive in the right matrix.</summary>
    public int Segments;

    /// <summary>The stride between segments in the left matrix.</summary>
    public nint SegmentStrideA;

    /// <summary>The initial values of the sums: a bias, zeros, or earlier sums.</summary>
    public float* Start;

    /// <summary>The stride between rows in <see cref="Start"/>; 0 when all rows have the same initial values.</summary>
    public nint StartStride;

    /// <summary>The tile's first value of the result.</summary>
    public float* C;

    /// <summary>The stride between rows in <see cref="C"/>.</summary>
    public nint StrideC;

    /// <summary>
    /// Null, or bits of the non-zero terms of groups of <see cref="TileShape.RowsPerMask"/> rows: word i of group g, for the terms 32·i …,
    /// is at i · <see cref="MaskStride"/> + g · <see cref="MaskGroupStride"/>.
    /// </summary>
    public uint* Mask;

    /// <summary>The stride between words of a mask.</summary>
    public nint MaskStride;

    /// <summary>The stride between the masks of groups of rows.</summary>
    public nint MaskGroupStride;

    /// <summary>Advances to the tile <paramref name="rows"/> rows below.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Advance(int rows)
    {
        A += rows * RowStrideA;
        Start += rows * StartStride;
        C += rows * StrideC;
        Mask += rows / TileShape.RowsPerMask(TileShape.Registers) * MaskGroupStride;
    }

    /// <summary>
    /// The bits of the 64 terms from word <paramref name="index"/> that are non-zero in at least one of <paramref name="rows"/> rows.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly ulong Bits(nint index, int rows)
    {
        var at = Mask + index * MaskStride;
        var groups = rows / TileShape.RowsPerMask(TileShape.Registers);
        var bits = Group(at);
        if (groups > 1)
            bits |= Group(at + MaskGroupStride);
        if (groups > 2)
            bits |= Group(at + 2 * MaskGroupStride);
        return bits;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly ulong Group(uint* at) => *at | (ulong)at[MaskStride] << 32;
}
