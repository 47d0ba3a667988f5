using System.Globalization;
using System.Text;
using Sweeps.Core;
using Sweeps.Core.Search;
using Sweeps.Core.Space;

namespace Sweeps.Files;

/// <summary>The content of <c>sweep check</c>: size, cost and first configurations of a sweep.</summary>
/// <param name="File">The verified file.</param>
/// <param name="Space">The configurations that the method can propose.</param>
/// <param name="Runs">The maximum number of runs; null if it is unlimited.</param>
/// <param name="Cost">The epochs; null if they are unlimited.</param>
/// <param name="Samples">The first ten configurations; those of a model-based search are its initial, random ones.</param>
public sealed record SpecCheck(SweepFile File, SpaceSize Space, long? Runs, EpochCost? Cost, IReadOnlyList<SampleRun> Samples)
{
    private const int SampleCount = 10;

    public SweepSpec Spec => File.Spec;

    /// <summary>Verifies and checks a file. Passes on the exception of <see cref="SweepFile.Verify"/>.</summary>
    public static SpecCheck Of(SweepFile file)
    {
        var verified = file.Verify();
        var spec = verified.Spec;
        var space = SpaceSize.Of(spec);
        var runs = space.Runs is { } all && !(spec.RunCap < all) ? all : (long?)spec.RunCap;
        var cost = EpochCost.Of(spec, runs, space.Exact);
        var warnings = SpecWarnings.Of(spec, runs, cost);
        return new SpecCheck(verified with { Warnings = [.. verified.Warnings, .. warnings] }, space, runs, cost, Sample(spec));
    }

    /// <summary>The hooks of the file: the key of each with a description.</summary>
    public IEnumerable<(string Key, string Text)> Hooks => new[] { (Key: Hook.Best, Hook: Spec.OnBest), (Key: Hook.End, Hook: Spec.OnEnd) }
        .Where(pair => pair.Hook is not null).Select(pair => (pair.Key, SpecCheckText.Describe(pair.Key, pair.Hook!)));

    /// <summary>The check as plain text.</summary>
    public override string ToString() => SpecCheckText.Write(this);

    /// <summary>The first runs, created by the machine as for a sweep with ten free slots.</summary>
    private static List<SampleRun> Sample(SweepSpec spec)
    {
        var names = new RunNames(spec.Space);
        var machine = new SweepMachine(_ => spec with { Slots = new SlotShare() }, SearchFactory.Create, new MachineOptions());
        machine.Apply(new LoggedEvent(1, DateTimeOffset.UnixEpoch, new SweepCreated("check", "", "check")));
        machine.Decide(new RequestWork("check", SampleCount, []), DateTimeOffset.UnixEpoch, []);
        return [.. machine.State.Runs.Select(run => new SampleRun(names.Of(run.Number, run.Configuration), run.Configuration))];
    }
}

/// <summary>A configuration that the sweep runs, with the name of its run.</summary>
public sealed record SampleRun(string Name, Configuration Configuration);

/// <summary>Writes a <see cref="SpecCheck"/> as plain text.</summary>
internal static class SpecCheckText
{
    private const int MaxValuesLength = 70;

    public static string Write(SpecCheck check)
    {
        var text = new StringBuilder();
        var spec = check.Spec;
        Line(text, PlainText.Escape(spec.Description.Length > 0 ? $"{spec.Name}: {spec.Description}" : spec.Name, oneLine: true));
        Line(text, $"  trains     {check.File.Trainable.Describe(spec.Trainable)}, {Epochs(spec)}");
        Line(text, $"  optimises  {spec.Objective.Name}, {(spec.Objective.Goal == Goal.Maximize ? "larger" : "smaller")} is better{Target(spec.Objective)}");
        Line(text, $"  method     {spec.Method.Name}{(spec.Shuffle ? ", shuffled" : "")}, seed {spec.Seed}");
        Line(text, $"  space      {Size(check.Space)}");
        Line(text, $"  ends       {Ends(check)}");
        Line(text, $"  costs      {Cost(check)}");
        foreach (var (name, what) in check.Hooks)
            Line(text, $"  {name,-9}  {what}");
        WriteParameters(text, spec);
        WriteRules(text, check);
        Line(text, "");
        Line(text, "The first configurations");
        foreach (var (n, sample) in check.Samples.Index())
            Line(text, $"  {n,3}  {sample.Name}");
        if (check.File.Warnings.Count > 0)
            Line(text, "");
        foreach (var warning in check.File.Warnings)
            Line(text, $"warning: {warning.At(check.File.FileName)}");
        return text.ToString();
    }

    public static string Describe(string key, Hook hook)
    {
        var what = hook.Url is { } url ? $"posts to {url.Authority}" : $"runs {PlainText.Fit(string.Join(' ', hook.Command), MaxValuesLength)}";
        var often = key == Hook.Best ? Format($", at most once in {hook.Interval.TotalSeconds:0.###} s") : "";
        return Format($"{what}, for {hook.Timeout.TotalSeconds:0.###} s at most{often}");
    }

    private static void WriteParameters(StringBuilder text, SweepSpec spec)
    {
        Line(text, "");
        Line(text, "Parameters");
        var width = spec.Space.Parameters.Max(parameter => parameter.Name.Length);
        foreach (var parameter in spec.Space.ParentsFirst)
            Line(text, $"  {parameter.Name.PadRight(width)}  {Describe(parameter.Distribution)}{When(parameter)}");
        foreach (var constraint in spec.Constraints)
            Line(text, $"  such that {constraint.Text}");
    }

    private static void WriteRules(StringBuilder text, SpecCheck check)
    {
        var spec = check.Spec;
        if (spec.Rules.Count == 0)
            return;
        Line(text, "");
        Line(text, "Early termination");
        foreach (var rule in spec.Rules)
        {
            Line(text, $"  {rule.Type}: {rule.Describe(spec.MaxEpochs)}");
            foreach (var bracket in rule.Plan(spec.MaxEpochs)?.Brackets ?? [])
                Line(text, $"    {string.Join(", ", bracket.Reaching(bracket.Size).Select((level, place) => $"{(place == 0 ? Count(level.Runs, "run") : Format($"{level.Runs:N0}"))} to epoch {level.Epoch}"))}");
        }
    }

    private static string Describe(Distribution distribution) => distribution switch
    {
        Constant constant => Shorten([constant.Value.ToString()]),
        CategoricalWithProbabilities weighted => Format($"one of {Shorten(weighted.Values.Zip(weighted.Probabilities, (value, p) => Format($"{value} ({p:P0})")))}"),
        Categorical choice => $"one of {Shorten(choice.Values.Select(value => value.ToString()))}",
        IntUniform range => $"integer, {range.Min} to {range.Max}",
        _ => Format($"{distribution.Name}, {Limits(distribution)}"),
    };

    private static string Limits(Distribution distribution)
    {
        var range = (Domain.Range)distribution.Domain;
        var bounded = distribution is Continuous { Limits: not null } or Quantized { Inner.Limits: not null };
        var step = distribution is Quantized quantized ? Format($", step {quantized.Q}") : "";
        return Format($"{range.Low:G4} to {range.High:G4}{(bounded ? "" : " mostly")}{step}");
    }

    private static string When(Parameter parameter) => parameter.When.Count == 0 ? ""
        : $", when {string.Join(" and ", parameter.When.Select(when => $"{when.Key} = {string.Join(" or ", when.Value)}"))}";

    private static string Shorten(IEnumerable<string> values) => PlainText.Fit(string.Join(", ", values), MaxValuesLength);

    private static string Epochs(SweepSpec spec) => spec.OpenEnded ? "until the program ends" : spec.EpochsParameter is null ? $"{Count(spec.MaxEpochs, "epoch")} a run" : $"at most {Count(spec.MaxEpochs, "epoch")} a run";

    private static string Target(Objective objective) => objective.Target is { } target ? Format($"; {target} is enough") : "";

    private static string Size(SpaceSize space)
    {
        var size = space.Configurations switch
        {
            null => "infinitely many configurations",
            long.MaxValue => "more than 9·10¹⁸ configurations",
            { } count => Count(count, "configuration"),
        };
        return space switch
        {
            { Satisfying: { } share, Exact: false } => Format($"{size}; {share.All * 100.0 / share.Draws:0.##} % of {share.Draws:N0} random ones satisfy the constraints"),
            { Satisfying: not null } => $"{size} that satisfy the constraints",
            _ => size,
        };
    }

    private static string Ends(SpecCheck check)
    {
        var limits = new List<string>();
        if (check.Runs is { } runs)
            limits.Add(runs == long.MaxValue ? "after more than 9·10¹⁸ runs" : $"after {Count(runs, "run")}{(runs == check.Space.Runs && check.Spec.Method != SearchMethod.Grid ? ", when every configuration has run" : "")}");
        if (check.Spec.Budget.Epochs is { } epochs)
            limits.Add($"after {Count(epochs, "epoch")}");
        if (check.Spec.Budget.WallTime is { } time)
            limits.Add($"after {time:c}");
        if (check.Spec.Objective.Target is not null)
            limits.Add("at the target");
        return limits.Count > 0 ? string.Join(", or ", limits) : "never by itself";
    }

    private static string Cost(SpecCheck check) => check.Cost switch
    {
        null when check.Spec.OpenEnded => "the program decides how many epochs a run has; 'epochs' at the top of the file limits them",
        null => "no limit known",
        { Exact: true, Epochs: var epochs } => Format($"{Count(epochs, "epoch")}, unless runs fail or diverge"),
        { Epochs: var epochs } => Format($"at most {Count(epochs, "epoch")}{(check.Spec.Rules.Count > 0 && epochs != check.Spec.Budget.Epochs ? "; the results decide how many fewer" : "")}"),
    };

    private static string Count(long count, string what) => Format($"{count:N0} {what}{(count == 1 ? "" : "s")}");

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static void Line(StringBuilder text, string line) => text.Append(line).Append('\n');
}
