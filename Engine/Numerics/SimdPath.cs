using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Engine.Numerics;

/// <summary>Vector width of the kernels, in bits.</summary>
public enum SimdWidth
{
    /// <summary>128-bit vectors through the portable API.</summary>
    Portable = 128,
    /// <summary>AVX2 with FMA.</summary>
    Avx2 = 256,
    /// <summary>AVX-512.</summary>
    Avx512 = 512,
}

/// <summary>
/// Chooses the vector width once per process: the widest that the processor supports, or the value of the environment variable
/// <c>SWEEP_SIMD</c> (<c>512</c>, <c>256</c>, <c>portable</c>) if that is narrower. All widths give the same bits.
/// </summary>
public static class SimdPath
{
    /// <summary>The environment variable that limits the width.</summary>
    public const string Variable = "SWEEP_SIMD";

    [ThreadStatic]
    private static SimdWidth onThisThread;

    /// <summary>The width in use in this process.</summary>
    public static SimdWidth Width { get; } = Choose(Environment.GetEnvironmentVariable(Variable));

    /// <summary>The width in use on this thread.</summary>
    public static SimdWidth Current => onThisThread != 0 ? onThisThread : Width;

    /// <summary>The widest vectors that this processor supports.</summary>
    public static SimdWidth Widest =>
        Vector512.IsHardwareAccelerated && Avx512F.IsSupported && Avx512DQ.IsSupported ? SimdWidth.Avx512
        : Avx2.IsSupported && Fma.IsSupported ? SimdWidth.Avx2 : SimdWidth.Portable;

    /// <summary>
    /// Makes this thread use <paramref name="width"/>, at most <see cref="Widest"/>, until the returned scope is disposed, to compare the
    /// widths.
    /// </summary>
    public static IDisposable UseOnThisThread(SimdWidth width)
    {
        if (width > Widest)
            throw new ArgumentOutOfRangeException(nameof(width), width, $"This processor supports at most {Widest}.");
        var scope = new Scope(onThisThread);
        onThisThread = width;
        return scope;
    }

    /// <summary>Runs a kernel at the width in use.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<TKernel>(in TKernel kernel) where TKernel : struct, IKernel => Run(kernel, Current);

    /// <summary>Runs a kernel at the given width.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Run<TKernel>(in TKernel kernel, SimdWidth width) where TKernel : struct, IKernel
    {
        switch (width)
        {
            case SimdWidth.Avx512: Unsafe.AsRef(in kernel).Run<Lanes512, Vector512<float>>(); break;
            case SimdWidth.Avx2: Unsafe.AsRef(in kernel).Run<Lanes256, Vector256<float>>(); break;
            default: Unsafe.AsRef(in kernel).Run<Lanes128, Vector128<float>>(); break;
        }
    }

    internal static SimdWidth Choose(string? wish)
    {
        var chosen = wish switch
        {
            null or "" => Widest,
            "512" => SimdWidth.Avx512,
            "256" => SimdWidth.Avx2,
            "portable" => SimdWidth.Portable,
            _ => throw new ArgumentException($"{Variable} is '{wish}', but must be 512, 256 or portable. Unset it to use the widest."),
        };
        return chosen > Widest ? Widest : chosen;
    }

    private sealed class Scope(SimdWidth before) : IDisposable
    {
        public void Dispose() => onThisThread = before;
    }
}
