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

    /// <summary>What the sums start from: a bias, zeros, or earlier sums.</summary>
    public float* Start;

    /// <summary>From one row to the next in <see cref="Start"/>; 0 when all rows start alike.</summary>
    public nint StartStride;

    /// <summary>Where the tile goes.</summary>
    public float* C;

    /// <summary>From one row to the next in <see cref="C"/>.</summary>
    public nint StrideC;

    /// <summary>Null, or bits that say which terms to visit: word i, for terms 32·i …, lies at i · <see cref="MaskStride"/>.</summary>
    public uint* Mask;

    /// <summary>From one word of the mask to the next.</summary>
    public nint MaskStride;

    /// <summary>Words <paramref name="index"/> and the next of the mask.</summary>
    public readonly ulong Word(nint index) => Mask[index * MaskStride] | (ulong)Mask[(index + 1) * MaskStride] << 32;
}
