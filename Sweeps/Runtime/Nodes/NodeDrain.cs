namespace Sweeps.Nodes;

/// <summary>
/// Whether a node is to hand its runs over and ask for no more: set by SIGTERM, a hook or a person. A person's drain can be taken back; that of a
/// process that ends is asked for again by whoever ends it. From any thread.
/// </summary>
public sealed class NodeDrain : IDisposable
{
    private readonly Lock gate = new();
    private CancellationTokenSource source = new();

    /// <summary>Raised after <see cref="On"/> has changed. Must not block.</summary>
    public event Action? Changed;

    /// <summary>Whether the node drains.</summary>
    public bool On => Token.IsCancellationRequested;

    /// <summary>For what is launched now: cancelled when the node drains. After a drain was taken back there is another.</summary>
    public CancellationToken Token
    {
        get
        {
            lock (gate)
                return source.Token;
        }
    }

    /// <summary>Begins to drain. May be repeated.</summary>
    public void Request() => Set(on: true);

    /// <summary>Ends the drain: the node asks for work again. May be repeated.</summary>
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
