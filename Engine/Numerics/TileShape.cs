using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Engine.Numerics;

/// <summary>
/// Which register tiles a processor is given. A tile needs a register for each of its sums, for each vector of the right matrix, and for one
/// value of the left: more of them, and the inner loop waits for memory (8 × 2 of 16 registers reach half of what 6 × 2 reach).
/// </summary>
internal static class TileShape
{
    private const int Many = 32, Few = 16;

    /// <summary>The vector registers there are: 32 on ARM64 and with AVX-512 (whatever the vector width), else 16.</summary>
    public static int Registers => Avx512F.VL.IsSupported || AdvSimd.Arm64.IsSupported ? Many : Few;

    /// <summary>
    /// The share of terms up to which a tile that leaves out zeros is faster than one that visits all. Measured: with 32 registers it visits
    /// its terms at 85 to 95 % of the rate of the other, with 16 at 73 to 93 %.
    /// </summary>
    public static double MostDense => Registers == Many ? 0.9 : 0.8;

    /// <summary>The most vectors in a row of a tile.</summary>
    public static int MostVectors(int registers) => registers == Many ? 4 : 2;

    /// <summary>Rows of a tile with that many vectors in a row.</summary>
    public static int Rows(int registers, int vectors) => registers == Few || vectors == 4 ? 6 : 8;

    /// <summary>Rows of a tile that leaves out zeros: more rows are faster, but fewer terms are 0 in all of them.</summary>
    public static int MaskedRows(int registers) => registers == Many ? 4 : 6;

    /// <summary>
    /// Rows that share a mask of zeros: all rows of a tile of four, so that it reads one mask; two where tiles have six rows or, at the end, four.
    /// </summary>
    public static int RowsPerMask(int registers) => registers == Many ? 4 : 2;
}
