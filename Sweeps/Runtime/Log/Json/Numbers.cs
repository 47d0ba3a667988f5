using System.Globalization;
using System.Text.Json;

namespace Sweeps.Log.Json;

/// <summary>
/// Doubles in JSON, exactly: the shortest digits that read back the same. What JSON has no number for (NaN, the infinities, and −0, which
/// PostgreSQL's <c>jsonb</c> would turn into 0) is a string.
/// </summary>
internal static class Numbers
{
    public static void Write(Utf8JsonWriter json, double value)
    {
        if (IsPlain(value))
            json.WriteNumberValue(value);
        else
            json.WriteStringValue(Name(value));
    }

    public static double Read(ref Utf8JsonReader json) => json.TokenType == JsonTokenType.Number
        ? json.GetDouble()
        : Parse(json.GetString());

    /// <summary>Whether JSON has a number for it that survives every store.</summary>
    public static bool IsPlain(double value) => double.IsFinite(value) && (value != 0 || !double.IsNegative(value));

    /// <summary>The string that stands for a value that is not plain.</summary>
    public static string Name(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>Reads what <see cref="Name"/> wrote.</summary>
    public static double Parse(string? name) => name switch
    {
        "NaN" => double.NaN,
        "Infinity" => double.PositiveInfinity,
        "-Infinity" => double.NegativeInfinity,
        "-0" => double.NegativeZero,
        _ => throw new JsonException($"'{name}' is not a number; expected digits, \"NaN\", \"Infinity\", \"-Infinity\" or \"-0\"."),
    };

    /// <summary>
    /// Digits that always have a point and never a large exponent: <c>jsonb</c> keeps the point but writes exponents out, so the point is
    /// what tells a number from an integer.
    /// </summary>
    public static string WithPoint(double value)
    {
        var digits = Math.Abs(value) >= 1e15
            ? value.ToString("F1", CultureInfo.InvariantCulture)
            : value.ToString("R", CultureInfo.InvariantCulture);
        return digits.Contains('.') || digits.Contains('E') ? digits : digits + ".0";
    }
}
