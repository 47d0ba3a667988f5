using System.Runtime.CompilerServices;

namespace Engine.Data;

/// <summary>
/// A data set's split and scaling, computed once for all runs that ask for the same: both read every example, which takes longer than an epoch of
/// a small network. Immutable; thread-safe.
/// </summary>
/// <param name="Split">The examples that are trained on and those that are held out.</param>
/// <param name="Scaling">The scaling of the features.</param>
/// <param name="Output">The data set's outputs, with the scaling of regression targets.</param>
internal sealed record PreparedData(Split Split, Scaling Scaling, OutputSpec Output)
{
    /// <summary>A sweep asks for few combinations; one that searches the validation share must not keep thousands of splits.</summary>
    private const int Kept = 8;

    private static readonly ConditionalWeakTable<Dataset, List<(Key Key, Lazy<PreparedData> Value)>> Known = [];

    /// <summary>The split and the scaling of the examples that are trained on.</summary>
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
