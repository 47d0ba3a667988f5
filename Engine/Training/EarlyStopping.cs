namespace Engine.Training;

/// <summary>
/// Ends training after <paramref name="patience"/> consecutive epochs without an improvement: a validation loss that is lower than that of
/// the last improvement by more than <paramref name="minDelta"/>. A patience of 0 never ends training.
/// </summary>
internal sealed class EarlyStopping(int patience, double minDelta)
{
    /// <summary>The validation loss of the last improvement, the epochs since, and whether training has ended.</summary>
    public (double Loss, int Waited, bool Stopped) State { get; set; } = (double.PositiveInfinity, 0, false);

    public bool Stopped => State.Stopped;

    public void EpochEnded(double? validationLoss)
    {
        if (patience == 0 || validationLoss is not { } loss)
            return;
        State = loss < State.Loss - minDelta ? (loss, 0, false) : State with { Waited = State.Waited + 1, Stopped = State.Waited + 1 >= patience };
    }
}
