using System.IO.Compression;
using System.Text;
using Sweeps.Core;
using Sweeps.Files;
using Sweeps.Page.Columns;

namespace Sweeps.Page;

/// <summary>A sweep as a self-contained page: the data of its log, and its importance at some moments of it.</summary>
public static class SweepReport
{
    /// <summary>At how many moments the importance is computed, the end included. A page without a server cannot compute it.</summary>
    private const int Moments = 12;

    /// <summary>The document of one or two sweeps.</summary>
    /// <param name="logs">The whole logs.</param>
    public static string Build(params IReadOnlyList<IReadOnlyList<LoggedEvent>> logs) => PageDocument.Report(
        logs.Select(log => Columns(log).Block(level: CompressionLevel.SmallestSize)),
        Encoding.UTF8.GetBytes(PageJson.Write(json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("sweeps");
            foreach (var log in logs)
            {
                json.WriteStartObject();
                json.WriteStartArray("analyses");
                var state = new SweepState(SweepFile.Stored);
                foreach (var logged in log)
                {
                    state.Apply(logged);
                    // Evenly spaced over the log, the last event included.
                    if (logged.Seq * Moments / log.Count > (logged.Seq - 1) * Moments / log.Count)
                        PageJson.Analysis(json, state);
                }
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        })));

    private static SweepColumns Columns(IEnumerable<LoggedEvent> log)
    {
        var columns = new SweepColumns(SweepFile.Stored);
        foreach (var logged in log)
            columns.Add(logged);
        return columns;
    }
}
