using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Engine.Numerics;

/// <summary>
/// Which pixels of a batch are not 0, so that the first layer can leave out half of its arithmetic on clothes and most of it on digits.
/// Kept twice: for four consecutive examples, a bit per pixel (set where any of the four is not 0); and for four consecutive pixels, a
/// bit per example. Both as 32-bit words, padded with zero words to an even number.
/// </summary>
public sealed unsafe class ZeroMasks : IDisposable
{
    private const int Quad = 4, WordBits = 32;
    private readonly int features, quads, groups, exampleWords;
    private uint* byExamples, byPixels;

    /// <summary>Masks for up to <paramref name="capacity"/> examples.</summary>
    public ZeroMasks(int features, int capacity)
    {
        this.features = features;
        WordsPerQuad = EvenWords(features);
        quads = (capacity + Quad - 1) / Quad + 1;
        groups = (features + Quad - 1) / Quad;
        GroupStride = (groups + 7) / 8 * 8;
        exampleWords = EvenWords(capacity);
        byExamples = Allocate(quads * WordsPerQuad);
        byPixels = Allocate(exampleWords * GroupStride);
    }

    /// <summary>Frees the memory of masks that nobody disposed.</summary>
    ~ZeroMasks() => Free();

    /// <summary>Words from the mask of four examples to that of the next four.</summary>
    public int WordsPerQuad { get; }

    /// <summary>Words from the examples 0 … 31 of a group of pixels to its examples 32 … 63.</summary>
    public int GroupStride { get; }

    /// <summary>The words of examples 0 … 3: one per 32 pixels.</summary>
    public uint* ByExamples => byExamples;

    /// <summary>The words of examples 0 … 31: one per four pixels.</summary>
    public uint* ByPixels => byPixels;

    /// <summary>
    /// Makes the masks of a batch of rows of <paramref name="bytes"/> (examples × features) and returns the share of bits that are set
    /// for four consecutive examples: the share of the forward product that is left.
    /// </summary>
    public double Fill(byte* bytes, int* indices, int count)
    {
        NativeMemory.Clear(byExamples, (nuint)(quads * WordsPerQuad) * sizeof(uint));
        NativeMemory.Clear(byPixels, (nuint)(exampleWords * GroupStride) * sizeof(uint));
        for (var i = 0; i < count; i++)
            Add(i, bytes + (long)indices[i] * features);
        long set = 0, used = (count + Quad - 1) / Quad;
        for (var i = 0; i < used * WordsPerQuad; i++)
            set += BitOperations.PopCount(byExamples[i]);
        return (double)set / (used * features);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Add(int example, byte* pixels)
    {
        var ofExamples = byExamples + example / Quad * WordsPerQuad;
        var ofPixels = byPixels + example / WordBits * GroupStride;
        var bit = 1u << example % WordBits;
        var bits = Vector256.Create(bit);
        var i = 0;
        for (; i + WordBits <= features; i += WordBits)
        {
            var x = Vector256.Load(pixels + i);
            ofExamples[i / WordBits] |= ~Vector256.Equals(x, Vector256<byte>.Zero).ExtractMostSignificantBits();
            var some = Vector256.AndNot(bits, Vector256.Equals(x.AsUInt32(), Vector256<uint>.Zero));
            (Vector256.Load(ofPixels + i / Quad) | some).Store(ofPixels + i / Quad);
        }
        for (; i < features; i++)
        {
            if (pixels[i] == 0)
                continue;
            ofExamples[i / WordBits] |= 1u << i % WordBits;
            ofPixels[i / Quad] |= bit;
        }
    }

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
