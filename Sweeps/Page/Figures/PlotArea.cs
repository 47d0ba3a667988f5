using System.Globalization;

namespace Sweeps.Page.Figures;

/// <summary>The rectangle of a figure in which data are drawn, with its axes.</summary>
/// <param name="Canvas">The document to draw on.</param>
/// <param name="X">The horizontal axis.</param>
/// <param name="Y">The vertical axis.</param>
public sealed record PlotArea(SvgCanvas Canvas, Axis X, Axis Y)
{
    private const int Left = 64, Top = 34, Bottom = 44;

    /// <summary>The width in pixels of the margin at the right, for a legend.</summary>
    public int Right { get; init; } = 16;

    public double Horizontal(double value) => Left + X.Share(value) * (Canvas.Width - Left - Right);

    public double Vertical(double value) => Canvas.Height - Bottom - Y.Share(value) * (Canvas.Height - Top - Bottom);

    public (double X, double Y) Point(double x, double y) => (Horizontal(x), Vertical(y));

    /// <summary>Draws the title, the grid lines, the tick labels and the names of the axes.</summary>
    public void DrawAxes(string title)
    {
        Canvas.Write(Left, 20, title, size: 14);
        foreach (var tick in X.Ticks())
        {
            Canvas.Line(Horizontal(tick), Top, Horizontal(tick), Canvas.Height - Bottom, Colours.Faint);
            Canvas.Write(Horizontal(tick), Canvas.Height - Bottom + 16, Axis.Label(tick), "middle", Colours.Dim, 11);
        }
        foreach (var tick in Y.Ticks())
        {
            Canvas.Line(Left, Vertical(tick), Canvas.Width - Right, Vertical(tick), Colours.Faint);
            Canvas.Write(Left - 6, Vertical(tick) + 4, Axis.Label(tick), "end", Colours.Dim, 11);
        }
        Canvas.Write((Left + Canvas.Width - Right) / 2.0, Canvas.Height - 8, X.Name, "middle");
        Canvas.Write(14, (Top + Canvas.Height - Bottom) / 2.0, Y.Name, "middle", turned: true);
    }
}

/// <summary>One numeric axis.</summary>
/// <param name="Name">The text beside the axis.</param>
/// <param name="Min">The value at the start of the axis.</param>
/// <param name="Max">The value at the end of the axis, above <paramref name="Min"/>.</param>
/// <param name="Logarithmic">Whether the scale is logarithmic. Then <paramref name="Min"/> must be above 0.</param>
/// <param name="Whole">Whether the values are whole numbers. Then the ticks of a linear scale are, too.</param>
public sealed record Axis(string Name, double Min, double Max, bool Logarithmic = false, bool Whole = false)
{
    private static readonly int[] RoundSteps = [1, 2, 5, 10];

    /// <summary>The only value, or null. It is the only tick: others would show values that may not be possible, such as an accuracy above 1.</summary>
    public double? Only { get; init; }

    /// <summary>An axis over the range of the finite <paramref name="values"/>, with a margin of 4 % of the range at each end.</summary>
    public static Axis Over(string name, IEnumerable<double> values)
    {
        var finite = values.Where(double.IsFinite).DefaultIfEmpty(0).ToList();
        var (min, max) = (finite.Min(), finite.Max());
        if (max > min)
            return new Axis(name, min - (max - min) * 0.04, max + (max - min) * 0.04, Whole: finite.TrueForAll(double.IsInteger));
        var margin = max == 0 ? 1 : Math.Abs(max) / 2;
        return new Axis(name, max - margin, max + margin) { Only = max };
    }

    /// <summary>The position of a value: 0 at the start of the axis, 1 at its end.</summary>
    public double Share(double value) => Logarithmic
        ? Math.Log(value / Min) / Math.Log(Max / Min)
        : (value - Min) / (Max - Min);

    /// <summary>About six round numbers on the axis; powers of ten on a logarithmic one.</summary>
    public IEnumerable<double> Ticks()
    {
        if (Only is { } only)
            return [only];
        if (Logarithmic)
            return Enumerable.Range((int)Math.Ceiling(Math.Log10(Min) - 1e-9), 40).Select(power => Math.Pow(10, power)).TakeWhile(tick => tick <= Max * (1 + 1e-9));
        var raw = Math.Max(Whole ? 1 : 0, (Max - Min) / 6);
        var unit = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        var step = unit * RoundSteps.First(factor => factor * unit >= raw);
        return Enumerable.Range(0, 20).Select(i => (Math.Ceiling(Min / step) + i) * step).TakeWhile(tick => tick <= Max);
    }

    public static string Label(double value) =>
        value == 0 ? "0" : Math.Abs(value) is < 1e-3 or >= 1e6 ? value.ToString("0.##e0", CultureInfo.InvariantCulture) : Math.Round(value, 4).ToString(CultureInfo.InvariantCulture);
}
