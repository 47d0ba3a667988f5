using Microsoft.Extensions.Logging.Console;
using Silo.Options;

namespace Silo.Telemetry;

/// <summary>Logs on standard output: a line for people, or a JSON object with scopes for collectors.</summary>
internal static class SiloLogging
{
    public static void Configure(ILoggingBuilder logging, SiloOptions options)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(LogLevel.Information);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("Orleans", LogLevel.Warning);
        // Orleans places grains through Polly, which reports every placement.
        logging.AddFilter("Polly", LogLevel.Warning);
        if (options.LogFormat == "json")
            logging.AddJsonConsole(console => (console.IncludeScopes, console.UseUtcTimestamp, console.TimestampFormat) = (true, true, "O"));
        else
            logging.AddSimpleConsole(console =>
                (console.SingleLine, console.TimestampFormat, console.ColorBehavior) = (true, "HH:mm:ss ", LoggerColorBehavior.Default));
    }
}
