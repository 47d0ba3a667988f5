namespace Sweeps.Core.Rules;

/// <summary>The rules of sweep files.</summary>
public static class StoppingRules
{
    /// <summary>Every rule, in the order in which messages list them.</summary>
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
