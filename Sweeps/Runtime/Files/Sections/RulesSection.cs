using Engine;
using Sweeps.Core.Rules;
using Sweeps.Files.Yaml;

namespace Sweeps.Files.Sections;

/// <summary><c>early_terminate</c>: one rule, or a list of rules.</summary>
internal static class RulesSection
{
    private const string Key = "early_terminate", None = "none";

    /// <summary>
    /// Returns the rules with their sections. The caller completes each rule by <see cref="RuleSpec.Complete"/> once the epochs of a run are known.
    /// </summary>
    public static IReadOnlyList<(RuleSpec Rule, Section Section)> Read(Section top, IReadOnlyList<RuleDescriptor> known)
    {
        if (top.Take(Key) is not { } node)
            return [];
        var rules = new List<(RuleSpec Rule, Section Section)>();
        foreach (var item in node is ListNode list ? list.Items : [node])
            if (Section.Of(item, Key, top.Diagnostics) is { } section && ReadOne(section, known) is { } rule)
            {
                if (HasRungs(rule) && rules.Exists(other => HasRungs(other.Rule)))
                    section.Mistake(null, $"'{rule.Type}' is a second ladder of rungs: a sweep has one. It may be joined by 'median' and 'patience'.");
                else if (rules.Exists(other => other.Rule.Type == rule.Type))
                    section.Mistake(null, $"'{rule.Type}' occurs twice in '{Key}'.");
                rules.Add((rule, section));
            }
        return rules;
    }

    private static bool HasRungs(RuleSpec rule) => rule.Plan(1) is not null;

    private static RuleSpec? ReadOne(Section section, IReadOnlyList<RuleDescriptor> known)
    {
        var type = section.TakeText("type");
        var descriptor = known.Find(type);
        if (descriptor is null && type != None)
        {
            string[] types = [.. known.SelectMany(rule => rule.Names), None];
            section.Mistake("type", type is null
                ? $"'{Key}.type' is missing. Expected one of: {string.Join(", ", types)}."
                : $"'{Key}.type' cannot be '{type}'. {DidYouMean.Hint(type, types)}");
            return null;
        }
        var rule = descriptor?.Read(section);
        section.End();
        return rule;
    }
}
