namespace Sweeps.Nodes;

/// <summary>
/// Whether a node drains: it gives its runs back and requests no more. Requested by SIGTERM, a hook or a command. <see cref="Withdraw"/> ends any
/// drain; <see cref="NodeWorker"/> requests it again while the process stops. Thread-safe.
/// </summary>
public sealed class NodeDrain : IDisposable
{
    private readonly Lock gate = new();
    private CancellationTokenSource source = new();

    /// <summary>Raised after <see cref="On"/> has changed. Handlers must not block.</summary>
    public event Action? Changed;

    /// <summary>Whether the node drains.</summary>
    public bool On => Token.IsCancellationRequested;

    /// <summary>The token for runs that are started now: cancelled when the node drains. <see cref="Withdraw"/> replaces it.</summary>
    public CancellationToken Token
    {
        get
        {
            lock (gate)
                return source.Token;
        }
    }

    /// <summary>Begins to drain. Without effect while the node drains.</summary>
    public void Request() => Set(on: true);

    /// <summary>Ends the drain: the node requests work again. Without effect while the node does not drain.</summary>
    public void Withdraw() => Set(on: false);

    /// <inheritdoc/>
    public void Dispose() => source.Dispose();

    private void Set(bool on)
    {
        CancellationTokenSource changed;
        lock (gate)
        {
            if (source.IsCancellationRequested == on)
                return;
            changed = source;
            if (!on)
                source = new CancellationTokenSource();
        }
        if (on)
            changed.Cancel();
        else
            changed.Dispose();
        Changed?.Invoke();
    }
}
