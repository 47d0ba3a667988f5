using System.Text;
using System.Text.Json;
using Sweeps.Analysis;
using Sweeps.Core;
using Sweeps.Simulation;

namespace Sweeps.Page;

/// <summary>A sweep in the page's list.</summary>
/// <param name="Sweep">Its id.</param>
internal sealed record SweepSummary(string Sweep)
{
    /// <summary>Why its log cannot be read, or null.</summary>
    public string? Problem { get; init; }

    public string Name { get; init; } = "";

    public string Status { get; init; } = "";

    public int Runs { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public string Metric { get; init; } = "";

    public double? Best { get; init; }

    public static SweepSummary Of(string sweep, SweepState state) => state.Seq == 0
        ? new SweepSummary(sweep) { Problem = "The log has no whole event." }
        : new SweepSummary(sweep)
        {
            Name = state.Spec.Name,
            Status = (state.Outcome?.ToString() ?? state.Status.ToString()).ToLowerInvariant(),
            Runs = state.Runs.Count,
            CreatedAt = state.CreatedAt,
            Metric = state.Spec.Objective.Name,
            Best = state.Best is { } best ? state.Spec.Objective.AsReported(best.Best) : null,
        };
}

/// <summary>The JSON of the page's requests and answers.</summary>
internal static class PageJson
{
    /// <summary>
    /// The largest number of runs for the computation of parameter importance; with more runs it takes minutes. The answer contains the
    /// number of runs used.
    /// </summary>
    private const int MaxAnalysed = 2000;

    public static string Message(string text) => Text("message", text);

    public static string Problem(string text) => Text("problem", text);

    private static string Text(string name, string text) => Write(json =>
    {
        json.WriteStartObject();
        json.WriteString(name, text);
        json.WriteEndObject();
    });

    public static string List(IPageSource source, IEnumerable<SweepSummary> sweeps) => Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("place", source.Place);
        json.WriteBoolean("canSteer", source.CanSteer);
        json.WriteBoolean("canEdit", source.CanEdit);
        json.WriteStartArray("sweeps");
        foreach (var sweep in sweeps)
        {
            json.WriteStartObject();
            json.WriteString("sweep", sweep.Sweep);
            json.WriteString("problem", sweep.Problem);
            json.WriteString("name", sweep.Name);
            json.WriteString("status", sweep.Status);
            json.WriteNumber("runs", sweep.Runs);
            json.WriteNumber("at", sweep.CreatedAt.ToUnixTimeMilliseconds());
            json.WriteString("metric", sweep.Metric);
            Number(json, "best", sweep.Best);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    });

    public static string Analysis(SweepState state) => Write(json => Analysis(json, state));

    public static void Analysis(Utf8JsonWriter json, SweepState state)
    {
        json.WriteStartObject();
        json.WriteNumber("seq", state.Seq);
        var analysis = state.Seq > 0 ? ParameterAnalysis.Of(state, MaxAnalysed) : null;
        json.WriteNumber("epoch", analysis?.Epoch ?? 0);
        json.WriteNumber("compared", analysis?.Compared ?? 0);
        json.WriteNumber("used", analysis?.Used ?? 0);
        json.WriteStartArray("parameters");
        foreach (var row in analysis?.Rows ?? [])
        {
            json.WriteStartObject();
            json.WriteString("name", row.Parameter);
            Number(json, "fanova", row.Fanova);
            Number(json, "ped", row.PedAnova);
            json.WriteStartArray("correlations");
            foreach (var one in row.Correlations)
            {
                json.WriteStartObject();
                json.WriteString("category", one.Category);
                Number(json, "pearson", one.Pearson);
                Number(json, "spearman", one.Spearman);
                json.WriteNumber("count", one.Count);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    public static List<(string Key, string Value)> Changes(string? rule, int? eta, long? epochs)
    {
        var changes = new List<(string, string)>();
        if (rule is { Length: > 0 })
            changes.Add(("early_terminate", rule));
        if (eta is { } number)
            changes.Add(("early_terminate.eta", number.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        if (epochs is { } most)
            changes.Add(("budget", $"{{epochs: {most.ToString(System.Globalization.CultureInfo.InvariantCulture)}}}"));
        return changes;
    }

    public static string WhatIf(SweepSpec was, SweepSpec would, WhatIfResult result) => Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("rulesWere", string.Join(" + ", was.Rules.Select(rule => rule.Summary)));
        json.WriteString("rulesWould", string.Join(" + ", would.Rules.Select(rule => rule.Summary)));
        json.WriteNumber("runs", result.Runs);
        json.WriteNumber("epochs", result.Epochs);
        json.WriteNumber("epochsWere", result.RecordedEpochs);
        Number(json, "winner", result.Winner);
        Number(json, "best", result.Best);
        Number(json, "winnerWas", result.RecordedWinner);
        Number(json, "bestWas", result.RecordedBest);
        Number(json, "loss", result.Regret);
        json.WriteNumber("missing", result.Missing.Count);
        json.WriteEndObject();
    });

    /// <summary>Reads a request to steer. Throws <see cref="PageRequestException"/> if the JSON is not such a request.</summary>
    public static async Task<PageRequest> RequestAsync(Stream body, CancellationToken cancel)
    {
        try
        {
            using var document = await JsonDocument.ParseAsync(body, cancellationToken: cancel);
            var root = document.RootElement;
            return new PageRequest(
                root.GetProperty("action").GetString() ?? "",
                root.TryGetProperty("run", out var run) && run.ValueKind == JsonValueKind.Number ? run.GetInt32() : null,
                root.TryGetProperty("why", out var why) ? why.GetString() ?? "" : "",
                root.TryGetProperty("values", out var values) ? [.. values.EnumerateArray().Select(value => value.GetString() ?? "")] : null,
                root.TryGetProperty("text", out var text) ? text.GetString() ?? "" : "");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new PageRequestException("Expected a JSON object with 'action', and 'run', 'why' and 'values' where the action needs them.", e);
        }
    }

    public static string Write(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
            write(json);
        return Encoding.UTF8.GetString(stream.GetBuffer().AsSpan(0, (int)stream.Length));
    }

    private static void Number(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number && double.IsFinite(number))
            json.WriteNumber(name, number);
        else
            json.WriteNull(name);
    }
}
