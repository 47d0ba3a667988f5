namespace Engine.Numerics;

/// <summary>
/// Elementary functions of one double. They use only additions, multiplications and divisions, so that they give the same bits with every C
/// library. Errors are a few units in the last place.
/// </summary>
public static class Elementary
{
    private const double Ln2High = 6.93147180369123816490e-01, Ln2Low = 1.90821492927058770002e-10;

    /// <summary>Natural logarithm; −∞ at 0, NaN below.</summary>
    public static double Log(double x)
    {
        if (double.IsNaN(x) || x < 0)
            return double.NaN;
        if (x == 0)
            return double.NegativeInfinity;
        if (double.IsPositiveInfinity(x))
            return x;
        if (x < 2.2250738585072014e-308)
            return Log(x * 18014398509481984.0) - 54 * (Ln2High + Ln2Low);
        var bits = BitConverter.DoubleToInt64Bits(x);
        var exponent = (int)(bits >> 52) - 1023;
        var m = BitConverter.Int64BitsToDouble((bits & 0xFFFFFFFFFFFFF) | 0x3FF0000000000000);
        if (m > 1.4142135623730951)
        {
            m *= 0.5;
            exponent++;
        }
        // log m = 2·artanh(t), t = (m − 1)/(m + 1), |t| < 0.172: the truncated terms of the series in t² are below 1e-17.
        var t = (m - 1) / (m + 1);
        var t2 = t * t;
        var sum = 0.0;
        for (var n = 21; n >= 3; n -= 2)
            sum = (sum + 1.0 / n) * t2;
        return exponent * Ln2High + (2 * t + (2 * t * sum + exponent * Ln2Low));
    }

    /// <summary>e to the power x.</summary>
    public static double Exp(double x)
    {
        if (double.IsNaN(x))
            return x;
        if (x > 709.7)
            return double.PositiveInfinity;
        if (x < -745)
            return 0;
        var n = Math.Round(x * 1.4426950408889634);
        var r = x - n * Ln2High - n * Ln2Low;
        var sum = 1.0;
        for (var k = 14; k >= 1; k--)
            sum = 1 + sum * r / k;
        // Multiplies in two steps: a single power of two would underflow for results below the normal range.
        var half = (int)n / 2;
        return sum * PowerOfTwo(half) * PowerOfTwo((int)n - half);
    }

    /// <summary>Cosine of π·<paramref name="x"/> for x in [0, 1].</summary>
    public static double CosPi(double x)
    {
        if (x > 0.5)
            return -CosPi(1 - x);
        var y2 = Math.PI * x * (Math.PI * x);
        var sum = 1.0;
        for (var k = 22; k >= 2; k -= 2)
            sum = 1 - sum * y2 / (k * (k - 1));
        return sum;
    }

    /// <summary><paramref name="x"/> to a whole power ≥ 0, by squaring.</summary>
    public static double Power(double x, long exponent)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(exponent);
        var result = 1.0;
        for (; exponent > 0; exponent >>= 1, x *= x)
            if ((exponent & 1) != 0)
                result *= x;
        return result;
    }

    private static double PowerOfTwo(int n) => BitConverter.Int64BitsToDouble((long)(n + 1023) << 52);
}
