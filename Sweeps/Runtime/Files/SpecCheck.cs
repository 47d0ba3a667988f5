using Sweeps.Core;
using Sweeps.Core.Search;
using Sweeps.Core.Space;

namespace Sweeps.Files;

/// <summary>What would happen if a sweep file were run: the content of <c>sweep check</c>.</summary>
/// <param name="File">The file, verified.</param>
/// <param name="Configurations">How many distinct configurations there are, or null when there is no end to them.</param>
/// <param name="Runs">The most runs there can be, or null when nothing limits them.</param>
/// <param name="Cost">How many epochs it trains, or null when nothing limits them.</param>
/// <param name="Samples">The first configurations, with their runs' names; those of model-based search are its first, random ones.</param>
public sealed record SpecCheck(
    SweepFile File, long? Configurations, long? Runs, EpochCost? Cost, IReadOnlyList<SampleRun> Samples)
{
    private const int SampleCount = 10;

    /// <summary>What the file says.</summary>
    public SweepSpec Spec => File.Spec;

    /// <summary>Looks ahead. Throws <see cref="SweepFileException"/> when the file asks for what its trainable does not have.</summary>
    public static SpecCheck Of(SweepFile file)
    {
        var verified = file.Verify();
        var spec = verified.Spec;
        var configurations = spec.Space.Parameters.All(parameter => parameter.Distribution.GridSize is not null)
            ? new GridSpace(spec.Space).Size
            : (long?)null;
        var gridded = spec.Method is SearchMethod.Grid ? configurations + spec.Enqueue.Count : null;
        var runs = Least(gridded, spec.RunCap);
        var cost = EpochCost.Of(spec, runs);
        var check = new SpecCheck(verified, configurations, runs, cost, Sample(spec, runs));
        return cost is null && spec.Budget.WallTime is null && spec.Objective.Target is null ? check.Warn() : check;
    }

    /// <summary>The same as plain text.</summary>
    public override string ToString() => SpecCheckText.Write(this);

    private SpecCheck Warn() => this with
    {
        File = File with
        {
            Warnings = [.. File.Warnings, new Diagnostic(null, "Nothing ends this sweep but a person: add 'run_cap', 'budget' or 'metric.target'.")],
        },
    };

    private static List<SampleRun> Sample(SweepSpec spec, long? runs)
    {
        var names = new RunNames(spec.Space);
        var search = SearchFactory.Create(spec);
        var samples = new List<SampleRun>();
        foreach (var configuration in spec.Enqueue.Take(SampleCount))
            samples.Add(new SampleRun(names.Of(samples.Count, configuration), configuration));
        for (var index = 0; samples.Count < Math.Min(SampleCount, runs ?? SampleCount); index++)
        {
            if (search.Propose(index, 0, NothingKnown.Instance) is not { } configuration)
                break;
            samples.Add(new SampleRun(names.Of(samples.Count, configuration), configuration));
        }
        return samples;
    }

    private static long? Least(long? a, long? b) => a is null ? b : b is null ? a : Math.Min(a.Value, b.Value);

    private sealed class NothingKnown : IHistory
    {
        public static NothingKnown Instance { get; } = new();

        public IReadOnlyList<Observation> Observations => [];
    }
}

/// <summary>A configuration that the sweep would run.</summary>
public sealed record SampleRun(string Name, Configuration Configuration);
