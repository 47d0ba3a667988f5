using System.Globalization;
using Sweeps.Core;
using Sweeps.Core.Rules;
using Sweeps.Files;

namespace Client.Steering;

/// <summary>Replaces the rules of a sweep file.</summary>
public static class RuleEdit
{
    /// <summary>
    /// The change to <paramref name="spec"/>'s file that puts <paramref name="rule"/> in the place of its rules. A rule is written as in a sweep
    /// file, <c>{type: asha_stopping, eta: 4}</c>, or as its name alone; then one ladder takes the rungs of another.
    /// </summary>
    public static (string Key, string Value) Of(SweepSpec spec, string rule)
    {
        var rungs = StoppingRules.All.Find(rule) is { Geometric: true } && spec.Rules.OfType<GeometricRuleSpec>().FirstOrDefault() is var (first, last, eta)
            ? string.Create(CultureInfo.InvariantCulture, $", min_iter: {first}, max_iter: {last}, eta: {eta}")
            : "";
        return ("early_terminate", rule.StartsWith('{') || rule.StartsWith('[') ? rule : $"{{type: {rule}{rungs}}}");
    }

    /// <summary>The file with changes, read and checked. Throws <see cref="UsageException"/> with all that is wrong with it.</summary>
    public static (SweepFile File, string Text) Apply(string text, string fileName, IReadOnlyList<(string Key, string Value)> changes)
    {
        var changed = changes.Count > 0 ? SpecEdit.Set(text, changes) : text;
        try
        {
            return (SweepFile.Parse(changed, fileName).Verify(), changed);
        }
        catch (SweepFileException mistake)
        {
            throw new UsageException(string.Join(Environment.NewLine, mistake.Mistakes.Select(diagnostic => diagnostic.Message)), mistake);
        }
    }
}
