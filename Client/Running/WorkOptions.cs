namespace Client.Running;

/// <summary>How this process works on a sweep.</summary>
/// <param name="Data">The folder of data sets from the command line, or null.</param>
/// <param name="Slots">How many runs train at a time, or null for one per core.</param>
/// <param name="MetricsPort">The loopback port of <c>/metrics</c>, or null for none.</param>
public sealed record WorkOptions(string? Data, int? Slots, int? MetricsPort = null)
{
    /// <summary>Serves <c>/metrics</c> until the result is disposed, when a port was given. Throws <see cref="UsageException"/> when it cannot be opened.</summary>
    public IDisposable? ServeMetrics() => MetricsPort is { } port ? MetricsServer.Start(port) : null;
}
