using Sweeps.Core;

namespace Sweeps.Coordination;

/// <summary>
/// Makes the proposals of a search that fits a model, one at a time, so that the pump does not wait for the fit. Used by the pump only;
/// <paramref name="wake"/> is called on any thread when <see cref="Take"/> has something to return.
/// </summary>
internal sealed class ProposalRunner(Action wake)
{
    private ProposalOutcome? finished;

    /// <summary>Whether a proposal is being made or waits for <see cref="Take"/>.</summary>
    public bool Busy { get; private set; }

    /// <summary>Begins to make a proposal.</summary>
    public void Start(Proposal wanted)
    {
        Busy = true;
        // A fit takes up to seconds of a core. On the thread pool it would delay grains and replies.
        _ = Task.Factory.StartNew(Make, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        void Make()
        {
            try
            {
                wanted.Make();
                Finish(new ProposalOutcome(wanted, null));
            }
            catch (Exception e)
            {
                Finish(new ProposalOutcome(null, e));
            }
        }
    }

    /// <summary>Makes the next <see cref="Take"/> return an outcome without a proposal, so that waiting commands are decided again.</summary>
    public void Skip()
    {
        Busy = true;
        Finish(new ProposalOutcome(null, null));
    }

    /// <summary>Returns the outcome of the last <see cref="Start"/> or <see cref="Skip"/> once; null before it has finished and afterwards.</summary>
    public ProposalOutcome? Take()
    {
        if (Interlocked.Exchange(ref finished, null) is not { } outcome)
            return null;
        Busy = false;
        return outcome;
    }

    private void Finish(ProposalOutcome outcome)
    {
        Volatile.Write(ref finished, outcome);
        wake();
    }
}

/// <summary>A finished proposal, or the error that prevented it; neither after <see cref="ProposalRunner.Skip"/>.</summary>
internal sealed record ProposalOutcome(Proposal? Made, Exception? Failure);
