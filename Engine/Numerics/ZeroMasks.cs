using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Engine.Numerics;

/// <summary>
/// The bits of the non-zero pixels of a batch. With them the first layer skips half of its multiplications on Fashion-MNIST and most of
/// them on MNIST. Stored in two forms: for each group of consecutive examples a bit per pixel, set if it is not 0 in one of them; and for
/// each group of consecutive pixels a bit per example. A tile combines the masks of its groups of rows. Both forms are 32-bit words, padded
/// with zero words to an even number.
/// </summary>
public sealed unsafe class ZeroMasks : IDisposable
{
    private const int WordBits = 32, MaxRows = 8;
    private readonly int features, groups, exampleWords;
    private uint* byExamples, byPixels;

    /// <summary>Masks for up to <paramref name="capacity"/> examples.</summary>
    public ZeroMasks(int features, int capacity)
    {
        this.features = features;
        WordsPerGroup = EvenWords(features);
        // A tile may extend beyond the last example or pixel.
        groups = (capacity + MaxRows) / Group + 1;
        WordStride = ((features + MaxRows) / Group / MaxRows + 1) * MaxRows;
        exampleWords = EvenWords(capacity);
        byExamples = Allocate(groups * WordsPerGroup);
        byPixels = Allocate(exampleWords * WordStride);
    }

    /// <summary>Frees the memory of masks that were not disposed.</summary>
    ~ZeroMasks() => Free();

    /// <summary>Examples or pixels that share a mask.</summary>
    public static int Group => TileShape.RowsPerMask(TileShape.Registers);

    /// <summary>The stride between the masks of groups of examples, in words.</summary>
    public int WordsPerGroup { get; }

    /// <summary>The stride between examples 0 … 31 and 32 … 63 in the masks of groups of pixels, in words.</summary>
    public int WordStride { get; }

    /// <summary>The words of the first group of examples: one per 32 pixels.</summary>
    public uint* ByExamples => byExamples;

    /// <summary>The words of examples 0 … 31: one per group of pixels.</summary>
    public uint* ByPixels => byPixels;

    /// <summary>
    /// Computes the worker's share of the masks of a batch of rows of <paramref name="bytes"/> (examples × features). Shares are blocks of
    /// 32 examples, so that no two workers write to the same word.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Fill(byte* bytes, int* indices, int count, Worker worker)
    {
        var blocks = (count + WordBits - 1) / WordBits;
        for (var block = 0; block < exampleWords; block++)
        {
            // Blocks beyond the last example may contain bits of an earlier, larger batch and must be cleared.
            if (block < blocks ? !worker.Owns(block, 1, blocks) : worker.Index > 0)
                continue;
            var first = block * WordBits;
            var end = Math.Clamp(groups * Group, first, first + WordBits);
            NativeMemory.Clear(byExamples + first / Group * WordsPerGroup, (nuint)((end - first) / Group * WordsPerGroup) * sizeof(uint));
            NativeMemory.Clear(byPixels + block * WordStride, (nuint)WordStride * sizeof(uint));
            for (var i = first; i < Math.Min(end, count); i++)
                Add(i, bytes + (long)indices[i] * features);
        }
    }

    /// <summary>The mean share of bits that are set for a tile of examples, 0 … 1: the share of the forward product that remains.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double Density(int count)
    {
        var rows = TileShape.MaskedRows(TileShape.Registers);
        long set = 0, tiles = 0;
        var tile = new TileArguments { Mask = byExamples, MaskStride = 1, MaskGroupStride = WordsPerGroup };
        for (var first = 0; first < count; first += rows, tile.Mask += rows / Group * WordsPerGroup, tiles++)
        {
            for (var word = 0; word < WordsPerGroup; word += 2)
                set += BitOperations.PopCount(tile.Bits(word, rows));
        }
        return (double)set / (tiles * features);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Add(int example, byte* pixels)
    {
        var ofExamples = byExamples + example / Group * WordsPerGroup;
        var ofPixels = byPixels + example / WordBits * WordStride;
        var bit = 1u << example % WordBits;
        var bits = Vector256.Create(bit);
        var i = 0;
        for (; i + WordBits <= features; i += WordBits)
        {
            var x = Vector256.Load(pixels + i);
            ofExamples[i / WordBits] |= ~Vector256.Equals(x, Vector256<byte>.Zero).ExtractMostSignificantBits();
            if (Group == sizeof(uint))
            {
                Join(ofPixels + i / Group, x.AsUInt32(), bits);
                continue;
            }
            var (low, high) = Vector256.Widen(x.AsUInt16());
            Join(ofPixels + i / Group, low, bits);
            Join(ofPixels + i / Group + WordBits / Group / 2, high, bits);
        }
        for (; i < features; i++)
        {
            if (pixels[i] == 0)
                continue;
            ofExamples[i / WordBits] |= 1u << i % WordBits;
            ofPixels[i / Group] |= bit;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Join(uint* words, Vector256<uint> pixels, Vector256<uint> bits) =>
        (Vector256.Load(words) | Vector256.AndNot(bits, Vector256.Equals(pixels, Vector256<uint>.Zero))).Store(words);

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private static int EvenWords(int bits) => (bits + 2 * WordBits - 1) / (2 * WordBits) * 2;

    private static uint* Allocate(int words) => (uint*)NativeMemory.AllocZeroed((nuint)words, sizeof(uint));

    private void Free()
    {
        NativeMemory.Free(byExamples);
        NativeMemory.Free(byPixels);
        byExamples = byPixels = null;
    }
}
