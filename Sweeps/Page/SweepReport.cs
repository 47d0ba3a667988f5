using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Sweeps.Core;
using Sweeps.Files;
using Sweeps.Page.Columns;
using Sweeps.Simulation;

namespace Sweeps.Page;

/// <summary>
/// Writes sweeps as a page in one file. It contains the data of their logs and the results that a page without a server cannot compute:
/// parameter importance after some of the events, replays under other rules, and the model of the best run.
/// </summary>
public static class SweepReport
{
    /// <summary>The number of events after which the importance is computed, the last one included.</summary>
    private const int Moments = 12;

    /// <summary>
    /// The largest number of recorded epochs for which the report replays the log under other rules; more would take minutes.
    /// </summary>
    private const int MaxReplayedEpochs = 200_000;

    /// <summary>The document of one or two sweeps.</summary>
    /// <param name="source">The source that has the sweeps.</param>
    /// <param name="sweeps">Their ids.</param>
    /// <param name="cancel">Cancels the reading.</param>
    public static async Task<string> BuildAsync(IPageSource source, IReadOnlyList<string> sweeps, CancellationToken cancel)
    {
        var (blocks, extras) = (new List<byte[]>(), new List<string>());
        foreach (var sweep in sweeps)
        {
            var (log, columns) = (new List<LoggedEvent>(), new SweepColumns(SweepFile.Stored));
            await foreach (var logged in source.ReadAsync(sweep, 0, cancel))
            {
                log.Add(logged);
                columns.Add(logged);
            }
            if (log.Count == 0)
                throw new InvalidDataException($"The log of sweep {sweep} in {source.Place} has no whole event.");
            blocks.Add(columns.Block(level: CompressionLevel.SmallestSize));
            var (model, noModel) = await ModelAsync(source, sweep, columns.State, cancel);
            extras.Add(PageJson.Write(json =>
            {
                json.WriteStartObject();
                Analyses(json, log);
                WhatIfs(json, source, log, columns.State);
                json.WriteString("noModel", noModel);
                if (model is not null)
                {
                    json.WritePropertyName("model");
                    json.WriteRawValue(model);
                }
                json.WriteEndObject();
            }));
        }
        return PageDocument.Report(blocks, Encoding.UTF8.GetBytes($"{{\"sweeps\":[{string.Join(',', extras)}]}}"));
    }

    private static void Analyses(Utf8JsonWriter json, List<LoggedEvent> log)
    {
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
    }

    private static void WhatIfs(Utf8JsonWriter json, IPageSource source, List<LoggedEvent> log, SweepState state)
    {
        json.WriteStartArray("whatifs");
        if (state.Best is not null && state.EpochsRecorded <= MaxReplayedEpochs)
            foreach (var changes in OtherRules(state))
                try
                {
                    var changed = source.Changed(state.SpecText, changes);
                    json.WriteRawValue(PageJson.WhatIf(state.Spec, changed, WhatIf.Replay(log, SweepFile.Stored, _ => changed, slots: 1)));
                }
                catch (PageRequestException)
                {
                    // The rule does not fit the sweep, for example rungs for runs of one epoch: the report leaves it out.
                }
        json.WriteEndArray();
    }

    private static IEnumerable<List<(string, string)>> OtherRules(SweepState state)
    {
        var now = state.Spec.Rules.Count == 1 ? state.Spec.Rules[0].Type : "";
        return ((string[])["asha", "asha_stopping", "hyperband", "median", "none"]).Where(rule => rule != now).Select(rule => PageJson.Changes(rule, null, null))
            .Append(PageJson.Changes(null, null, Math.Max(1, state.EpochsRecorded / 2)));
    }

    private static async Task<(string? Model, string? Problem)> ModelAsync(IPageSource source, string sweep, SweepState state, CancellationToken cancel)
    {
        try
        {
            return state.Best is { } best ? ((await ModelJson.OfAsync(source, sweep, state.Spec, best.Number, cancel)).Json, null) : (null, "No run has a value yet.");
        }
        catch (PageRequestException problem)
        {
            return (null, problem.Message);
        }
    }
}
