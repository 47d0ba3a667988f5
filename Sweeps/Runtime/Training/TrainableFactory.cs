using Engine.Data;
using Sweeps.Core;
using Sweeps.Simulation;
using Sweeps.Training.Networks;

namespace Sweeps.Training;

/// <summary>Makes what a sweep file asks to train.</summary>
public static class TrainableFactory
{
    /// <summary>
    /// The trainable of a sweep. <paramref name="load"/> brings a data set by name, <paramref name="find"/> turns the path of a table in the
    /// sweep file into that of a file. What they throw comes out, as do <see cref="ConfigurationException"/> and
    /// <see cref="InvalidDataException"/>.
    /// </summary>
    public static ITrainable Make(SweepSpec spec, Func<string, Dataset> load, Func<string, string> find, TimeProvider time) => spec.Trainable switch
    {
        TrainableSpec.Network network => new NetworkTrainable(load(network.Dataset), spec, time),
        TrainableSpec.Function { Pace: var pace } function when pace > TimeSpan.Zero =>
            new PacedTrainable(FunctionTrainable.Of(spec, function), pace, time),
        TrainableSpec.Function function => FunctionTrainable.Of(spec, function),
        TrainableSpec.Table table => new TableTrainable(Measured(LearningCurves.Load(find(table.File)), table.File, spec.Objective.Name)),
        _ => throw new ConfigurationException($"A {spec.Trainable.GetType().Name} cannot be trained."),
    };

    private static LearningCurves Measured(LearningCurves curves, string file, string metric) => curves[metric] is not null ? curves
        : throw new ConfigurationException($"The table '{file}' has no metric '{metric}'; it has {string.Join(", ", curves.Metrics)}. Name one of them: metric: {{name: …}}");
}
