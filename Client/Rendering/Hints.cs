using Spectre.Console.Rendering;

namespace Client.Rendering;

/// <summary>The commands a person may want next, each with what it shows.</summary>
public static class Hints
{
    /// <summary>To look closer at a sweep with a best run; a function or a table has no <paramref name="model"/>.</summary>
    public static IRenderable LookCloser(string sweep, int best, bool model, int width) => Build(
        [
            ($"./sweep why {best} {sweep}", "every decision about it"),
            ($"./sweep show {sweep} --run {best}", "its learning curve and metrics"),
            ($"./sweep top {sweep}", "the best runs"),
            ($"./sweep importance {sweep}", "which hyperparameters mattered"),
            model ? ($"./sweep export {sweep} --weights best.npz", "the best model") : ($"./sweep export {sweep} --runs runs.csv", "all runs, for a spreadsheet"),
        ], width);

    /// <summary>A line each; without the explanations where one of them does not fit.</summary>
    public static IRenderable Build(IEnumerable<(string Command, string What)> hints, int width)
    {
        var all = hints.ToList();
        var column = all.Max(hint => hint.Command.Length) + 2;
        var explained = all.TrueForAll(hint => 2 + column + hint.What.Length <= width);
        return new Spectre.Console.Rows(all.Select(hint => new Spectre.Console.Paragraph()
            .Append("  ").Append(hint.Command, Palette.Accent)
            .Append(explained ? new string(' ', column - hint.Command.Length) + hint.What : "", Palette.Dim)));
    }
}
