using System.Runtime.CompilerServices;

namespace Engine.Numerics;

/// <summary>What a register tile reads and writes; strides are in floats.</summary>
internal unsafe struct TileArguments
{
    /// <summary>The tile's first value of the left matrix.</summary>
    public float* A;

    /// <summary>From one row of the tile to the next in the left matrix.</summary>
    public nint RowStrideA;

    /// <summary>From one term of the sum to the next in the left matrix.</summary>
    public nint DepthStrideA;

    /// <summary>The tile's first value of the right matrix.</summary>
    public float* B;

    /// <summary>From one term of the sum to the next in the right matrix.</summary>
    public nint StrideB;

    /// <summary>The number of terms of every sum.</summary>
    public nint Depth;

    /// <summary>How many runs of <see cref="Depth"/> terms there are; 0 counts as 1. The runs of the right matrix follow each other.</summary>
    public int Segments;

    /// <summary>From one run of terms to the next in the left matrix.</summary>
    public nint SegmentStrideA;

    /// <summary>What the sums start from: a bias, zeros, or earlier sums.</summary>
    public float* Start;

    /// <summary>From one row to the next in <see cref="Start"/>; 0 when all rows start alike.</summary>
    public nint StartStride;

    /// <summary>Where the tile goes.</summary>
    public float* C;

    /// <summary>From one row to the next in <see cref="C"/>.</summary>
    public nint StrideC;

    /// <summary>
    /// Null, or bits that say which terms matter to a group of <see cref="TileShape.RowsPerMask"/> rows: word i of group g, for the terms
    /// 32·i …, lies at i · <see cref="MaskStride"/> + g · <see cref="MaskGroupStride"/>.
    /// </summary>
    public uint* Mask;

    /// <summary>From one word of the mask to the next.</summary>
    public nint MaskStride;

    /// <summary>From the mask of one group of rows to that of the next.</summary>
    public nint MaskGroupStride;

    /// <summary>Moves on to the tile that many rows below.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Advance(int rows)
    {
        A += rows * RowStrideA;
        Start += rows * StartStride;
        C += rows * StrideC;
        Mask += rows / TileShape.RowsPerMask(TileShape.Registers) * MaskGroupStride;
    }

    /// <summary>Which of the 64 terms from word <paramref name="index"/> on matter to one of so many rows.</summary>
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
