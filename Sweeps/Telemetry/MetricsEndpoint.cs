using System.Net;
using System.Text;

namespace Sweeps.Telemetry;

/// <summary>Serves <c>/metrics</c> on the loopback interface from a process that has no web host.</summary>
public sealed class MetricsEndpoint : IDisposable
{
    private readonly HttpListener listener = new();
    private readonly PrometheusText text = new(SweepMetrics.MeterName, "System.Runtime");

    /// <summary>Starts listening. Throws <see cref="IOException"/> when the port cannot be had.</summary>
    public MetricsEndpoint(int port)
    {
        listener.Prefixes.Add($"http://127.0.0.1:{port}/");
        try
        {
            listener.Start();
        }
        catch (HttpListenerException e)
        {
            text.Dispose();
            throw new IOException($"Port {port} for --metrics cannot be opened on 127.0.0.1: {e.Message}. Choose another port.", e);
        }
        _ = ServeAsync();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        listener.Close();
        text.Dispose();
    }

    private async Task ServeAsync()
    {
        while (listener.IsListening)
        {
            try
            {
                using var response = Answer(await listener.GetContextAsync());
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                // Closed by us, or a client that went away: the loop's condition tells which.
            }
        }
    }

    private HttpListenerResponse Answer(HttpListenerContext context)
    {
        var response = context.Response;
        if (context.Request.Url?.AbsolutePath != "/metrics")
        {
            response.StatusCode = (int)HttpStatusCode.NotFound;
            return response;
        }
        var body = Encoding.UTF8.GetBytes(text.Scrape());
        response.ContentType = PrometheusText.ContentType;
        response.ContentLength64 = body.Length;
        response.OutputStream.Write(body);
        return response;
    }
}
