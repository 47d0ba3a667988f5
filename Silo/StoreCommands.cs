using Grains.Schema;
using Npgsql;
using Silo.Options;
using Sweeps.Log.Postgres;

namespace Silo;

/// <summary>The commands <c>--init-store</c> and <c>--drain</c>.</summary>
internal static class StoreCommands
{
    /// <summary><c>--init-store</c>: creates or migrates every table of the store. It may be repeated and run by two processes at the same time.</summary>
    public static async Task<int> InitializeAsync(SiloOptions options)
    {
        try
        {
            await using var database = NpgsqlDataSource.Create(options.Store!);
            await PostgresStore.Migrator.ApplyAsync(database, CancellationToken.None);
            await ClusterSchema.Migrator.ApplyAsync(database, CancellationToken.None);
            Console.WriteLine("The store is ready.");
            return 0;
        }
        catch (Exception e) when (e is NpgsqlException or InvalidOperationException)
        {
            await Console.Error.WriteLineAsync($"The store could not be prepared: {e.Message}");
            return 1;
        }
    }

    /// <summary><c>--drain</c>: requests a drain of the silo on this machine.</summary>
    public static async Task<int> DrainAsync(SiloOptions options)
    {
        using var certificate = options.HttpCertificate;
        // Compare the thumbprint with the certificate of these options: the DNS name in it is not the address called here, so it would not validate.
        using var handler = new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = (_, shown, _, _) => shown?.Thumbprint == certificate?.Thumbprint,
        };
        using var http = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(5) };
        try
        {
            // UriBuilder puts an IPv6 address into brackets.
            var uri = new UriBuilder(certificate is null ? "http" : "https", SiloProcess.AddressOf(options).ToString(), options.HttpPort, "/drain").Uri;
            return await DrainAsync(http, uri);
        }
        catch (InvalidOperationException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }

    private static async Task<int> DrainAsync(HttpClient http, Uri uri)
    {
        try
        {
            using var answer = await http.PostAsync(uri, content: null);
            answer.EnsureSuccessStatusCode();
            Console.Write(await answer.Content.ReadAsStringAsync());
            return 0;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            await Console.Error.WriteLineAsync($"No silo answers at {uri}: {e.Message}");
            return 1;
        }
    }
}
