namespace Sweeps.Nodes;

/// <summary>
/// The drain state of a node. A node that drains gives its runs back and requests no more. SIGTERM, an HTTP request or a command requests the drain;
/// <see cref="Withdraw"/> ends it, except that <see cref="NodeWorker"/> requests it again while the process stops. Thread-safe.
/// </summary>
public sealed class NodeDrain : IDisposable
{
    private readonly Lock gate = new();
    private CancellationTokenSource source = new();

    /// <summary>Raised after <see cref="On"/> has changed. Handlers must not block.</summary>
    public event Action? Changed;

    /// <summary>Whether the node drains.</summary>
    public bool On => Token.IsCancellationRequested;

    /// <summary>The token for runs that are started now. It is cancelled when the node drains; <see cref="Withdraw"/> replaces it.</summary>
    public CancellationToken Token
    {
        get
        {
            lock (gate)
                return source.Token;
        }
    }

    /// <summary>Begins to drain. Does nothing if the node drains already.</summary>
    public void Request() => Set(on: true);

    /// <summary>Ends the drain: the node requests work again. Does nothing if the node does not drain.</summary>
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
