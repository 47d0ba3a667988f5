namespace Engine.Numerics;

/// <summary>
/// Decides whether batches are computed with helpers, by measuring both for at least 30 ms and four batches, again every two seconds.
/// Helpers slow a batch down when the network is too small to be divided, or when other processes use the processors: the batch then waits
/// for a helper that is not scheduled.
/// </summary>
/// <param name="time">The clock that measures the batches.</param>
internal sealed class HelpTrial(TimeProvider time)
{
    private const double TrialSeconds = 0.03, SecondsBetween = 2, MinGain = 1.05;
    private const int MinBatches = 4;
    private Stage stage;
    private int helpers, batches;
    private long start;
    private double seconds, helpedRate;
    private bool pays;

    private enum Stage
    {
        Helped,
        Alone,
        Decided,
    }

    /// <summary>Starts a batch for which <paramref name="present"/> helpers are available. Returns whether to use them.</summary>
    public bool Begin(int present)
    {
        if (present != helpers)
        {
            helpers = present;
            Enter(Stage.Helped);
        }
        start = time.GetTimestamp();
        return present > 0 && stage switch { Stage.Helped => true, Stage.Alone => false, _ => pays };
    }

    /// <summary>Ends the batch and adds its time to the current measurement.</summary>
    public void End()
    {
        seconds += time.GetElapsedTime(start).TotalSeconds;
        batches++;
        if (stage == Stage.Decided ? seconds < SecondsBetween : seconds < TrialSeconds || batches < MinBatches)
            return;
        var rate = batches / seconds;
        switch (stage)
        {
            case Stage.Helped:
                helpedRate = rate;
                Enter(Stage.Alone);
                break;
            case Stage.Alone:
                pays = helpedRate > MinGain * rate;
                Enter(Stage.Decided);
                break;
            default:
                Enter(Stage.Helped);
                break;
        }
    }

    private void Enter(Stage next) => (stage, seconds, batches) = (next, 0, 0);
}
