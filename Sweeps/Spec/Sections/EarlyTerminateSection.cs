using Sweeps.Core;
using Sweeps.Spec.Yaml;

namespace Sweeps.Spec.Sections;

/// <summary><c>early_terminate</c>: one map, or a list of maps for several rules at once.</summary>
internal static class EarlyTerminateSection
{
    // The last epoch R of a ladder that the file leaves to the runs' own number of epochs.
    private const int Unsaid = 0;

    private static readonly string[] Types =
    [
        "hyperband", "asha", "asha_promotion", "asha_stopping", "successive_halving", "hyperband_brackets", "median", "patience", "none",
    ];

    private static readonly Dictionary<string, AshaStoppingRule> Rules = new()
    {
        ["optuna"] = AshaStoppingRule.Optuna, ["ray"] = AshaStoppingRule.Ray, ["wandb"] = AshaStoppingRule.Wandb,
    };

    /// <summary>The rules, <c>max_iter</c> still open where the file does not say it.</summary>
    public static IReadOnlyList<EarlyTermination> Read(Section top)
    {
        const string Key = "early_terminate";
        if (top.Take(Key) is not { } node)
            return [];
        var rules = new List<EarlyTermination>();
        foreach (var item in node is ListNode list ? list.Items : [node])
            if (Section.Of(item, Key, top.Notes) is { } section && ReadOne(section) is { } rule)
            {
                if (rule.Ladder && rules.Exists(other => other.Ladder))
                    top.Notes.Mistake(section.Place, $"'{rule.Type}' is a second ladder of rungs: a sweep has one. It may be joined by 'median' and 'patience'.");
                else if (rules.Exists(other => other.Type == rule.Type))
                    top.Notes.Mistake(section.Place, $"'{rule.Type}' stands twice in '{Key}'.");
                rules.Add(rule);
            }
        return rules;
    }

    /// <summary>The last epoch that a rule names, or null.</summary>
    public static int? MaxIter(EarlyTermination rule) => rule switch
    {
        EarlyTermination.Asha { MaxIter: > Unsaid and var most } => most,
        EarlyTermination.AshaStopping { MaxIter: > Unsaid and var most } => most,
        EarlyTermination.SuccessiveHalving { MaxIter: > Unsaid and var most } => most,
        EarlyTermination.HyperbandBrackets { MaxIter: > Unsaid and var most } => most,
        EarlyTermination.WandbHyperband { MaxIter: { } most } => most,
        _ => null,
    };

    /// <summary>The rules with every <c>max_iter</c> filled in.</summary>
    public static IReadOnlyList<EarlyTermination> Resolve(IReadOnlyList<EarlyTermination> rules, int mostEpochs, Notes notes) =>
        [.. rules.Select(rule => Resolve(rule, mostEpochs, notes))];

    private static EarlyTermination Resolve(EarlyTermination rule, int most, Notes notes)
    {
        if (MaxIter(rule) is { } named && named != most && rule is not EarlyTermination.WandbHyperband)
            notes.Warn(null, named > most
                ? $"'early_terminate' has max_iter {named}, but no run trains longer than {most} epochs: rungs beyond are never reached."
                : $"'early_terminate' has max_iter {named}: runs end there, although they may train {most} epochs.");
        EarlyTermination filled = rule switch
        {
            EarlyTermination.Asha { MaxIter: Unsaid } asha => asha with { MaxIter = most },
            EarlyTermination.AshaStopping { MaxIter: Unsaid } asha => asha with { MaxIter = most },
            EarlyTermination.SuccessiveHalving { MaxIter: Unsaid } halving => halving with { MaxIter = most },
            EarlyTermination.HyperbandBrackets { MaxIter: Unsaid } brackets => brackets with { MaxIter = most },
            _ => rule,
        };
        if (FirstRung(filled) is { } first && MaxIter(filled) is { } last && first > last)
            notes.Mistake(null, $"'early_terminate' begins at min_iter {first}, after the last epoch {last}.");
        return filled;
    }

    private static int? FirstRung(EarlyTermination rule) => rule switch
    {
        EarlyTermination.Asha asha => asha.MinIter,
        EarlyTermination.AshaStopping asha => asha.MinIter,
        EarlyTermination.SuccessiveHalving halving => halving.MinIter,
        EarlyTermination.HyperbandBrackets brackets => brackets.MinIter,
        _ => null,
    };

    private static EarlyTermination? ReadOne(Section section)
    {
        var type = section.TakeText("type");
        EarlyTermination? rule = type switch
        {
            "asha" or "asha_promotion" => ReadLadder(section) is var (min, max, eta) ? new EarlyTermination.Asha(min, max, eta) : null,
            "asha_stopping" => ReadStopping(section),
            "successive_halving" => ReadLadder(section) is var (min, max, eta) ? new EarlyTermination.SuccessiveHalving(min, max, eta) : null,
            "hyperband_brackets" => ReadLadder(section) is var (min, max, eta) ? new EarlyTermination.HyperbandBrackets(min, max, eta) : null,
            "hyperband" => ReadHyperband(section),
            "median" => new EarlyTermination.Median(Epochs(section, "min_iter") ?? 5, Epochs(section, "min_runs") ?? 5),
            "patience" => ReadPatience(section),
            "none" => null,
            _ => NoType(section, type),
        };
        if (type is not null && Types.Contains(type))
            section.End();
        return rule;
    }

    private static EarlyTermination? NoType(Section section, string? type)
    {
        section.Notes.Mistake(section.PlaceOf("type"), type is null
            ? $"'early_terminate.type' is missing. Expected one of: {string.Join(", ", Types)}."
            : $"'early_terminate.type' cannot be '{type}'. {Nearest.Hint(type, Types)}");
        return null;
    }

    private static (int MinIter, int MaxIter, int Eta) ReadLadder(Section section) =>
        (Epochs(section, "min_iter") ?? 1, Epochs(section, "max_iter") ?? Unsaid, (int)(section.TakeInteger("eta", 2, EpochCount.Largest) ?? 3));

    private static EarlyTermination.AshaStopping ReadStopping(Section section)
    {
        var (min, max, eta) = ReadLadder(section);
        return new EarlyTermination.AshaStopping(min, max, eta, section.TakeWord("rule", Rules) ?? AshaStoppingRule.Optuna);
    }

    private static EarlyTermination.Patience? ReadPatience(Section section)
    {
        var epochs = Epochs(section, "epochs");
        if (epochs is null && !section.Has("epochs"))
            section.Notes.Mistake(section.Place, "'early_terminate.epochs' is missing: how many epochs does patience wait for something better?");
        var tolerance = section.TakeNumber("tolerance", tolerance => tolerance >= 0, "a number of at least 0") ?? 0;
        return epochs is { } patience ? new EarlyTermination.Patience(patience, tolerance) : null;
    }

    private static EarlyTermination.WandbHyperband ReadHyperband(Section section)
    {
        var min = Epochs(section, "min_iter");
        var max = Epochs(section, "max_iter");
        var bands = (int?)section.TakeInteger("s", 1, 100);
        var eta = section.TakeNumber("eta", eta => eta > 1, "a number above 1") ?? 3;
        var strict = section.TakeBoolean("strict") ?? true;
        if (!section.Has("min_iter") && !(section.Has("max_iter") && section.Has("s")))
            section.Notes.Mistake(section.Place, "'hyperband' needs 'min_iter' (the first band), or 'max_iter' together with 's' (the number of bands).");
        else if (section.Has("s") && !section.Has("max_iter"))
            section.Notes.Mistake(section.PlaceOf("s"), "'s' counts the bands below 'max_iter', which is missing. Add it, or remove 's'.");
        else if (min is not null && bands is not null)
        {
            section.Notes.Warn(section.PlaceOf("min_iter"), "'min_iter' has no effect beside 'max_iter' and 's'.");
            min = null;
        }
        return new EarlyTermination.WandbHyperband(min, max, bands, eta, strict);
    }

    private static int? Epochs(Section section, string key) => (int?)section.TakeInteger(key, 1, EpochCount.Largest);
}
