using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Sweeps.Core.Search.Bayes;

/// <summary>k(x, x') = a·Matérn(Σ wⱼ·Δⱼ²), and noise s on the diagonal.</summary>
/// <param name="Weights">wⱼ: inverse squared lengths, one per coordinate.</param>
/// <param name="Amplitude">a.</param>
/// <param name="Noise">s, at least 10⁻⁶.</param>
internal sealed record KernelParameters(double[] Weights, double Amplitude, double Noise)
{
    /// <summary>The smallest noise; it keeps K positive definite.</summary>
    public const double MinNoise = 1e-6;

    /// <summary>The parameters from the logarithms of w₁ … w_d, a and s − 10⁻⁶.</summary>
    public static KernelParameters FromLogarithms(ReadOnlySpan<double> logarithms)
    {
        var weights = new double[logarithms.Length - 2];
        for (var j = 0; j < weights.Length; j++)
            weights[j] = Math.Exp(logarithms[j]);
        return new KernelParameters(weights, Math.Exp(logarithms[^2]), MinNoise + Math.Exp(logarithms[^1]));
    }
}

/// <summary>The Matérn kernel of smoothness 5/2 as a function of the squared distance, for four distances at a time.</summary>
internal static class MaternKernel
{
    private static readonly Vector256<double> Root5 = Vector256.Create(Math.Sqrt(5));
    private static readonly Vector256<double> Third = Vector256.Create(1.0 / 3);

    /// <summary>(1 + √5·d + 5d²/3)·e^(−√5·d), 1 at distance 0.</summary>
    public static Vector256<double> At(Vector256<double> squared)
    {
        var t = Root5 * Vector256.Sqrt(squared);
        return (Vector256<double>.One + t + t * t * Third) * Vector256.Exp(-t);
    }

    /// <summary>The derivative by the squared distance, −(5/6)(1 + √5·d)·e^(−√5·d), beside the value.</summary>
    public static (Vector256<double> Value, Vector256<double> Slope) WithSlope(Vector256<double> squared)
    {
        var t = Root5 * Vector256.Sqrt(squared);
        var (e, linear) = (Vector256.Exp(-t), Vector256<double>.One + t);
        return ((linear + t * t * Third) * e, -5.0 / 6 * linear * e);
    }

    /// <summary>Computes the values at all squared distances, times <paramref name="amplitude"/>.</summary>
    public static void Fill(ReadOnlySpan<double> squared, double amplitude, Span<double> values)
    {
        var from = MemoryMarshal.Cast<double, Vector256<double>>(squared);
        var to = MemoryMarshal.Cast<double, Vector256<double>>(values);
        for (var i = 0; i < from.Length; i++)
            to[i] = amplitude * At(from[i]);
        for (var i = 4 * from.Length; i < squared.Length; i++)
            values[i] = amplitude * At(Vector256.Create(squared[i]))[0];
    }

    /// <summary>Computes values and derivatives at all squared distances, times <paramref name="amplitude"/>.</summary>
    public static void Fill(ReadOnlySpan<double> squared, double amplitude, Span<double> values, Span<double> slopes)
    {
        var from = MemoryMarshal.Cast<double, Vector256<double>>(squared);
        var to = MemoryMarshal.Cast<double, Vector256<double>>(values);
        var into = MemoryMarshal.Cast<double, Vector256<double>>(slopes);
        for (var i = 0; i < from.Length; i++)
        {
            var (value, slope) = WithSlope(from[i]);
            (to[i], into[i]) = (amplitude * value, amplitude * slope);
        }
        for (var i = 4 * from.Length; i < squared.Length; i++)
        {
            var (value, slope) = WithSlope(Vector256.Create(squared[i]));
            (values[i], slopes[i]) = (amplitude * value[0], amplitude * slope[0]);
        }
    }
}
