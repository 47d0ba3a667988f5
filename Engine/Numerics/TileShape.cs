using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Engine.Numerics;

/// <summary>
/// The sizes of register tiles by processor. A tile needs a register for each of its sums, for each vector of the right matrix, and for one
/// value of the left. A larger tile spills registers in the inner loop: with 16 registers, 8 × 2 tiles have half the throughput of 6 × 2
/// tiles.
/// </summary>
internal static class TileShape
{
    private const int Many = 32, Few = 16;

    /// <summary>The number of vector registers: 32 on ARM64 and with AVX-512 (at every vector width), else 16.</summary>
    public static int Registers => Avx512F.VL.IsSupported || AdvSimd.Arm64.IsSupported ? Many : Few;

    /// <summary>
    /// The largest share of non-zero terms at which a masked tile is faster than one that sums all terms. Measured: a masked tile processes
    /// its terms at 85 to 95 % of the rate of an unmasked one with 32 registers, at 73 to 93 % with 16.
    /// </summary>
    public static double MaxDensity => Registers == Many ? 0.9 : 0.8;

    /// <summary>The largest number of vectors in a row of a tile.</summary>
    public static int MaxVectors(int registers) => registers == Many ? 4 : 2;

    /// <summary>The rows of a tile with <paramref name="vectors"/> vectors per row.</summary>
    public static int Rows(int registers, int vectors) => registers == Few || vectors == 4 ? 6 : 8;

    /// <summary>The rows of a masked tile: more rows are faster per term, but fewer terms are 0 in all of them.</summary>
    public static int MaskedRows(int registers) => registers == Many ? 4 : 6;

    /// <summary>
    /// The rows that share a mask: all rows of a tile of four, which then reads one mask; two when tiles have six rows or, at the end,
    /// four.
    /// </summary>
    public static int RowsPerMask(int registers) => registers == Many ? 4 : 2;
}
