using Spectre.Console;
using Spectre.Console.Rendering;

namespace Client.Output;

/// <summary>A progress bar of epochs with a resolution of half a cell.</summary>
/// <param name="epoch">The number of finished epochs.</param>
/// <param name="until">The last epoch of the run.</param>
/// <param name="width">The width in terminal cells.</param>
/// <param name="style">The style of the finished part.</param>
public sealed class EpochBar(int epoch, int until, int width, Style style) : Renderable
{
    /// <summary>The texts of the finished and the remaining part, together <paramref name="width"/> cells.</summary>
    public static (string Done, string Left) Cells(int epoch, int until, int width)
    {
        var halves = (int)Math.Min(2L * width, 2L * width * epoch / Math.Max(1, until));
        var done = new string('━', halves / 2) + (halves % 2 == 1 ? "╸" : "");
        return (done, new string('─', width - done.Length));
    }

    /// <inheritdoc/>
    protected override Measurement Measure(RenderOptions options, int maxWidth) => new(width, width);

    /// <inheritdoc/>
    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        var (done, rest) = Cells(epoch, until, width);
        yield return new Segment(done, style);
        yield return new Segment(rest, Palette.Dim);
    }
}
