namespace Sweeps.Programs.Drill;

/// <summary>
/// Determines what a checkpoint lacks. A variable that differs after the first resumed epoch is a cause if it does not depend on the weights: a
/// random generator, an order of examples, or a number that is the same for every seed, such as a learning rate or a step count. If none of these
/// differs, the missing state is that of the optimizer.
/// </summary>
/// <param name="plain">The undisturbed run.</param>
/// <param name="again">The undisturbed run, repeated. Variables that differ in it, such as a generator that is not used, are ignored.</param>
/// <param name="other">The undisturbed run with another seed.</param>
internal sealed class DrillDiagnosis(DrillTrial plain, DrillTrial again, DrillTrial other)
{
    private const double RoundingLimit = 1e-4;

    /// <summary>Describes the fault of a resumed run whose first epoch is not the one after its checkpoint.</summary>
    public static string CountedFrom(int begun, int checkpoint, DrillTrial resumed, DrillTrial plain) =>
        Same(resumed.Epochs[begun], plain.Epochs.GetValueOrDefault(begun))
            ? $"It does not read its checkpoint: with the state of epoch {checkpoint} in SWEEP_CHECKPOINT it starts from epoch {begun} again."
            : $"It counts its epochs from {begun} after a resume from epoch {checkpoint}: the first one must be SWEEP_EPOCH + 1.";

    /// <summary>Describes what was lost in a run that was resumed after <paramref name="epoch"/> and differs from the undisturbed run.</summary>
    public string Cause(DrillTrial resumed, int epoch)
    {
        var first = resumed.Epochs.GetValueOrDefault(epoch + 1);
        if (Same(first, plain.Epochs[1]))
            return "The weights were lost: the resumed run is that of a fresh start.";
        if (epoch > 1 && Same(first, plain.Epochs[epoch]))
            return $"The checkpoint is one epoch too old: marked with epoch {epoch}, it holds the state after epoch {epoch - 1}.";
        var lost = Lost(resumed, epoch + 1);
        if (lost.TryGetValue("random", out var random))
            return $"The random state was lost ({random}): save the state of the generator, or seed it with the epoch.";
        if (lost.TryGetValue("integers", out var order))
            return $"The data order was lost ({order}): save it, or derive it from the epoch.";
        if (lost.TryGetValue("number", out var rate))
            return $"The schedule was lost ({rate}): save its state, or derive it from the epoch.";
        if (lost.TryGetValue("integer", out var count))
            return $"A count was lost ({count}): the step of an optimizer or of a schedule begins again.";
        if (Distance(first, plain.Epochs[epoch + 1]) < RoundingLimit)
            return "Digits were lost: the state is saved with less precision than it is trained with.";
        if (resumed.States.Count == 0)
            return "Something was lost that the checkpoint does not hold: the random state, the optimizer, the schedule or the data order.";
        return Distance(first, plain.Epochs[epoch + 1]) > Distance(plain.Epochs[1], plain.Epochs[epoch + 1])
            ? "The weights were lost or changed: the resumed run is further away than a fresh start."
            : "The optimizer's state was lost (momentum or moments): random state, data order and schedule are as in the undisturbed run.";
    }

    /// <summary>Returns the kinds of variables that differ although they do not depend on the weights, each with at most two examples.</summary>
    private Dictionary<string, string> Lost(DrillTrial resumed, int epoch)
    {
        if (!resumed.States.TryGetValue(epoch, out var found) || !plain.States.TryGetValue(epoch, out var expected)
            || !again.States.TryGetValue(epoch, out var repeated) || !other.States.TryGetValue(epoch, out var otherSeed))
            return [];
        return found.Where(variable => expected.TryGetValue(variable.Key, out var value) && value != variable.Value && repeated.GetValueOrDefault(variable.Key) == value
                && (variable.Value.Kind is "random" or "integers" || (otherSeed.TryGetValue(variable.Key, out var same) && same == value && variable.Value.Kind is "number" or "integer")))
            .GroupBy(variable => variable.Value.Kind)
            .ToDictionary(kind => kind.Key, kind => string.Join(", ", kind.OrderBy(variable => variable.Key.Length).Take(2).Select(variable =>
                kind.Key is "number" or "integer" ? $"{variable.Key} is {variable.Value.Value}, expected {expected[variable.Key].Value}" : variable.Key)));
    }

    private static bool Same(IReadOnlyDictionary<string, double>? one, IReadOnlyDictionary<string, double>? two) =>
        one is not null && two is not null && one.Count == two.Count && one.All(metric => two.TryGetValue(metric.Key, out var value) && value.Equals(metric.Value));

    /// <summary>The largest relative difference of a metric.</summary>
    private static double Distance(IReadOnlyDictionary<string, double>? one, IReadOnlyDictionary<string, double> two) => one is null
        ? double.PositiveInfinity
        : two.Max(metric => one.TryGetValue(metric.Key, out var value) ? Math.Abs(value - metric.Value) / Math.Max(Math.Abs(metric.Value), 1e-12) : double.PositiveInfinity);
}
