namespace Engine.Kernels;

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
}
