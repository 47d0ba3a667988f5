using Npgsql;

namespace Sweeps.Hosting.Postgres;

/// <summary>
/// Listens on one channel, over a connection of its own that is opened again when it breaks. A notification only saves waiting: whoever uses
/// it also looks by himself from time to time, because one may be lost.
/// </summary>
internal sealed class Notifications : IAsyncDisposable
{
    private readonly CancellationTokenSource closing = new();
    private readonly Task listening;

    /// <param name="database">Where to listen.</param>
    /// <param name="channel">The channel's name, a plain identifier.</param>
    /// <param name="time">The clock of retries.</param>
    /// <param name="heard">Called for each notification; must not block.</param>
    public Notifications(NpgsqlDataSource database, string channel, TimeProvider time, Action heard) =>
        listening = Task.Run(() => ListenAsync(database, channel, time, heard));

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        await listening;
        closing.Dispose();
    }

    private async Task ListenAsync(NpgsqlDataSource database, string channel, TimeProvider time, Action heard)
    {
        for (var attempt = 1; !closing.IsCancellationRequested; attempt++)
        {
            try
            {
                await using var connection = await database.OpenConnectionAsync(closing.Token);
                connection.Notification += (_, _) => heard();
                await using (var listen = new NpgsqlCommand($"LISTEN {channel}", connection))
                    await listen.ExecuteNonQueryAsync(closing.Token);
                heard();
                for (attempt = 1; ;)
                    await connection.WaitAsync(closing.Token);
            }
            catch (Exception) when (!closing.IsCancellationRequested)
            {
                try
                {
                    await Retry.WaitAsync(attempt, time, closing.Token);
                }
                catch (OperationCanceledException)
                {
                    return;
                }
            }
            catch (Exception)
            {
                return;
            }
        }
    }
}
