namespace Engine.Training;

/// <summary>
/// Ends training after <paramref name="patience"/> epochs in a row whose validation loss was not lower than the lowest by more than
/// <paramref name="minDelta"/>; a patience of 0 never ends it.
/// </summary>
internal sealed class EarlyStopping(int patience, double minDelta)
{
    /// <summary>The lowest validation loss so far, and the epochs since.</summary>
    public (double Loss, int Waited, bool Stopped) State { get; set; } = (double.PositiveInfinity, 0, false);

    public bool Stopped => State.Stopped;

    public void EpochEnded(double? validationLoss)
    {
        if (patience == 0 || validationLoss is not { } loss)
            return;
        State = loss < State.Loss - minDelta ? (loss, 0, false) : State with { Waited = State.Waited + 1, Stopped = State.Waited + 1 >= patience };
    }
}
