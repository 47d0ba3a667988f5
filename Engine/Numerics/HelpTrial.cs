namespace Engine.Numerics;

/// <summary>
/// Decides whether a batch is computed with helpers, by trying both for a few milliseconds every two seconds. Helpers are no use where a network is
/// too small to be divided, or where other processes use the processors: a batch then waits for a helper that does not run.
/// </summary>
/// <param name="time">Measures the batches.</param>
internal sealed class HelpTrial(TimeProvider time)
{
    private const double TrialSeconds = 0.03, SecondsBetween = 2, LeastGain = 1.05;
    private const int LeastBatches = 4;
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

    /// <summary>Whether the batch that begins now, for which so many helpers are there, is to be computed with them.</summary>
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

    /// <summary>The batch has ended.</summary>
    public void End()
    {
        seconds += time.GetElapsedTime(start).TotalSeconds;
        batches++;
        if (stage == Stage.Decided ? seconds < SecondsBetween : seconds < TrialSeconds || batches < LeastBatches)
            return;
        var rate = batches / seconds;
        switch (stage)
        {
            case Stage.Helped:
                helpedRate = rate;
                Enter(Stage.Alone);
                break;
            case Stage.Alone:
                pays = helpedRate > LeastGain * rate;
                Enter(Stage.Decided);
                break;
            default:
                Enter(Stage.Helped);
                break;
        }
    }

    private void Enter(Stage next) => (stage, seconds, batches) = (next, 0, 0);
}
