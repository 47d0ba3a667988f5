namespace Sweeps.Core.Rules;

/// <summary>The list of all stopping rules.</summary>
public static class StoppingRules
{
    /// <summary>All rules, in the order in which messages list them.</summary>
    public static IReadOnlyList<RuleDescriptor> All { get; } =
    [
        WandbHyperbandSpec.Descriptor,
        AshaSpec.Descriptor,
        AshaStoppingSpec.Descriptor,
        SuccessiveHalvingSpec.Descriptor,
        SuccessiveHalvingSpec.HyperbandDescriptor,
        MedianSpec.Descriptor,
        PatienceSpec.Descriptor,
    ];

    /// <summary>The rule with this name or alias, or null.</summary>
    public static RuleDescriptor? Find(this IEnumerable<RuleDescriptor> rules, string? name) => rules.FirstOrDefault(rule => rule.Names.Contains(name));
}
