using System.Globalization;
using System.Text.Json;

namespace Sweeps.Log.Json;

/// <summary>
/// Doubles in JSON without loss, with the shortest digits that parse to the same value. Strings represent NaN and the infinities, which JSON does not
/// have, and −0, which PostgreSQL's <c>jsonb</c> changes to 0.
/// </summary>
internal static class DoubleJson
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

    /// <summary>Whether every store keeps the value as a JSON number.</summary>
    public static bool IsPlain(double value) => double.IsFinite(value) && (value != 0 || !double.IsNegative(value));

    /// <summary>The string that represents a value for which <see cref="IsPlain"/> is false.</summary>
    public static string Name(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>Parses the result of <see cref="Name"/>.</summary>
    public static double Parse(string? name) => name switch
    {
        "NaN" => double.NaN,
        "Infinity" => double.PositiveInfinity,
        "-Infinity" => double.NegativeInfinity,
        "-0" => double.NegativeZero,
        _ => throw new JsonException($"'{name}' is not a number; expected digits, \"NaN\", \"Infinity\", \"-Infinity\" or \"-0\"."),
    };

    /// <summary>
    /// Digits that remain a number, and do not become an integer, in <c>jsonb</c>: with a decimal point or a negative exponent. <c>jsonb</c> keeps the
    /// point and expands exponents, so that a positive exponent would leave an integer.
    /// </summary>
    public static string WithPoint(double value)
    {
        var digits = Math.Abs(value) >= 1e15
            ? value.ToString("F1", CultureInfo.InvariantCulture)
            : value.ToString("R", CultureInfo.InvariantCulture);
        return digits.Contains('.') || digits.Contains('E') ? digits : digits + ".0";
    }
}
