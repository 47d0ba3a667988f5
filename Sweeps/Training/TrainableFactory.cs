using Engine.Data;
using Sweeps.Core;
using Sweeps.Simulation;
using Sweeps.Training.Networks;

namespace Sweeps.Training;

/// <summary>Makes what a sweep file asks to train.</summary>
public static class TrainableFactory
{
    /// <summary>
    /// The trainable of a sweep. <paramref name="load"/> finds a data set by name; relative paths of tables start at
    /// <paramref name="folder"/>. What they throw comes out, as does <see cref="ConfigurationException"/>.
    /// </summary>
    public static ITrainable Make(SweepSpec spec, Func<string, Dataset> load, string folder, TimeProvider time) => spec.Trainable switch
    {
        TrainableSpec.Network network => new NetworkTrainable(load(network.Dataset), spec, time),
        TrainableSpec.Function function => FunctionTrainable.Of(spec, function),
        TrainableSpec.Table table => new TableTrainable(LearningCurves.Load(Path.Combine(folder, table.File))),
        _ => throw new ConfigurationException($"A {spec.Trainable.GetType().Name} cannot be trained."),
    };
}
