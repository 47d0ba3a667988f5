using System.Runtime.CompilerServices;

namespace Engine.Data;

/// <summary>
/// The split and the scaling of a data set, cached for all runs with the same options: computing them reads every example, which takes
/// longer than an epoch of a small network. Immutable; thread-safe.
/// </summary>
/// <param name="Split">The training and the validation examples.</param>
/// <param name="Scaling">The scaling of the features.</param>
/// <param name="Output">The data set's outputs, with the scaling of regression targets.</param>
internal sealed record PreparedData(Split Split, Scaling Scaling, OutputSpec Output)
{
    /// <summary>
    /// The number of cached combinations per data set. A sweep that searches over the validation share would otherwise keep thousands of
    /// splits.
    /// </summary>
    private const int Kept = 8;

    private static readonly ConditionalWeakTable<Dataset, List<(Key Key, Lazy<PreparedData> Value)>> Known = [];

    /// <summary>
    /// Returns the cached split and scaling, or computes them. Throws <see cref="EngineException"/> when no training example is left.
    /// </summary>
    public static PreparedData Of(Dataset data, double validationShare, bool stratified, ulong splitSeed, string scaling)
    {
        var key = new Key(validationShare, stratified, splitSeed, scaling);
        var known = Known.GetOrCreateValue(data);
        Lazy<PreparedData>? value;
        lock (known)
        {
            value = known.FirstOrDefault(entry => entry.Key == key).Value;
            if (value is null)
            {
                if (known.Count == Kept)
                    known.RemoveAt(0);
                known.Add((key, value = new Lazy<PreparedData>(() => Make(data, key))));
            }
        }
        return value.Value;
    }

    private static PreparedData Make(Dataset data, Key key)
    {
        var split = Split.Of(data, key.ValidationShare, key.Stratified, key.SplitSeed);
        if (split.Training.Length == 0)
            throw new EngineException($"'{data.Name}' has {data.Train.Count} training examples, of which none is left after validation.");
        var output = data.Output.Task == LearningTask.Regression
            ? data.Output with { Scaling = Scaling.OfTargets(data.Train.Targets!, data.Output.Count, split.Training) }
            : data.Output;
        return new PreparedData(split, Scalings.Catalog.Find(key.Scaling)(data, split.Training), output);
    }

    private sealed record Key(double ValidationShare, bool Stratified, ulong SplitSeed, string Scaling);
}
