using System.Globalization;

namespace Engine;

/// <summary>A numeric option of an optimizer, a schedule or another entry of a <see cref="Catalog{T}"/>.</summary>
/// <param name="Name">The key in a sweep file: <c>beta1</c>.</param>
/// <param name="Default">The value of an option that is not given.</param>
/// <param name="Range">The allowed values.</param>
/// <param name="Meaning">A description in one line, for help texts and errors.</param>
public sealed record OptionKey(string Name, double Default, OptionRange Range, string Meaning)
{
    /// <summary>Throws <see cref="EngineException"/> unless the value is in range.</summary>
    public void Check(double value, string owner)
    {
        if (!Range.Contains(value))
            throw new EngineException(string.Create(
                CultureInfo.InvariantCulture, $"'{Name}' of {owner} is {value}, but must be {Range}. It is: {Meaning}."));
    }
}

/// <summary>The interval of the values that an option may take.</summary>
/// <param name="Low">Lower end.</param>
/// <param name="LowIncluded">Whether the lower end itself is allowed.</param>
/// <param name="High">Upper end.</param>
/// <param name="HighIncluded">Whether the upper end itself is allowed.</param>
/// <param name="Whole">Whether only whole numbers are allowed.</param>
public sealed record OptionRange(double Low, bool LowIncluded, double High, bool HighIncluded, bool Whole = false)
{
    /// <summary>&gt; 0.</summary>
    public static OptionRange Positive { get; } = new(0, false, double.PositiveInfinity, false);

    /// <summary>≥ 0.</summary>
    public static OptionRange NotNegative { get; } = new(0, true, double.PositiveInfinity, false);

    /// <summary>[0, 1).</summary>
    public static OptionRange Fraction { get; } = new(0, true, 1, false);

    /// <summary>[0, 1].</summary>
    public static OptionRange Share { get; } = new(0, true, 1, true);

    /// <summary>(0, 1].</summary>
    public static OptionRange PositiveShare { get; } = new(0, false, 1, true);

    /// <summary>Whole numbers from <paramref name="least"/>.</summary>
    public static OptionRange WholeFrom(int least) => new(least, true, int.MaxValue, true, Whole: true);

    /// <summary>Whether the value is in the range. False for NaN.</summary>
    public bool Contains(double value) =>
        (LowIncluded ? value >= Low : value > Low) && (HighIncluded ? value <= High : value < High)
        && (!Whole || value == Math.Floor(value));

    /// <summary>The range as text: <c>a number in [0, 1)</c>.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{(Whole ? "a whole number" : "a number")} in {(LowIncluded ? '[' : '(')}{Low}, {High}{(HighIncluded ? ']' : ')')}");
}
