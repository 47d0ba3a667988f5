using Engine.Numerics;

namespace Engine.Tests.Numerics;

public sealed class TileShapeTests
{
    /// <summary>
    /// The latency of a fused multiply-add times the number that start per cycle: the number of independent sums that keep the units busy.
    /// </summary>
    private const int SumsUnderWay = 8;

    [Theory]
    [InlineData(16)]
    [InlineData(32)]
    public void A_tile_fits_the_registers_and_keeps_the_multipliers_busy(int registers)
    {
        for (var vectors = 1; vectors <= TileShape.MaxVectors(registers); vectors++)
        {
            foreach (var rows in new[] { TileShape.Rows(registers, vectors), TileShape.MaskedRows(registers) })
                Assert.InRange(rows * vectors + vectors + 1, 1, registers);
            if (vectors > 1)
                Assert.InRange(TileShape.Rows(registers, vectors) * vectors, SumsUnderWay, registers);
        }
    }

    [Fact]
    public void This_processor_has_as_many_registers_as_its_vectors_say() =>
        Assert.InRange(TileShape.Registers, SimdPath.Widest == SimdWidth.Avx512 ? 32 : 16, 32);
}
