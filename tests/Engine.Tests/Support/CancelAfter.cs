using Engine.Training;

namespace Engine.Tests.Support;

/// <summary>
/// Cancels a trainer after a number of its batches. The trainer checks the token before every batch, so a token that becomes cancelled when
/// its progress reaches the number stops it exactly there.
/// </summary>
internal sealed class CancelAfter(int batches) : IDisposable
{
    private readonly CancellationTokenSource source = new();

    /// <summary>A token for the trainer's next epoch.</summary>
    public CancellationToken Watch(Trainer trainer)
    {
        if (batches == 0)
            source.Cancel();
        else
            trainer.BatchEnded = finished =>
            {
                if (finished == batches)
                    source.Cancel();
            };
        return source.Token;
    }

    public void Dispose() => source.Dispose();
}
