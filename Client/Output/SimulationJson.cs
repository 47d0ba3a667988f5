using System.Text.Json;
using Client.Local;
using Client.Views;
using Sweeps.Simulation;

namespace Client.Output;

/// <summary>Simulated sweeps as JSON.</summary>
public static class SimulationJson
{
    /// <summary>
    /// <c>{slots, contenders: [{name, stopping, sweeps: [{seed, runs, epochs, time, best, regret, configuration, ends, progress: [{epochs, run,
    /// best, regret}]}]}], sweep}</c>; <paramref name="kept"/> is the id of the sweep that was kept, or null.
    /// </summary>
    public static string Of(IReadOnlyList<SimulationVariant> variants, int slots, string? kept) => SweepJson.Write(json =>
    {
        json.WriteStartObject();
        json.WriteNumber("slots", slots);
        json.WriteStartArray("contenders");
        foreach (var variant in variants)
        {
            json.WriteStartObject();
            json.WriteString("name", variant.File.Spec.Name);
            json.WriteString("stopping", SpecText.Stopping(variant.File.Spec));
            json.WriteStartArray("sweeps");
            foreach (var sweep in variant.Sweeps)
                Write(json, sweep);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteString("sweep", kept);
        json.WriteEndObject();
    });

    private static void Write(Utf8JsonWriter json, SimulatedSweep sweep)
    {
        json.WriteStartObject();
        json.WriteNumber("seed", sweep.Seed);
        json.WriteNumber("runs", sweep.Runs);
        json.WriteNumber("epochs", sweep.Epochs);
        json.WriteNumber("time", sweep.Time);
        SweepJson.WriteNumber(json, "best", sweep.Best?.Value);
        SweepJson.WriteNumber(json, "regret", sweep.Best?.Regret);
        if (sweep.Winner is { } winner)
            SweepJson.WriteConfiguration(json, winner);
        json.WriteStartObject("ends");
        foreach (var (end, runs) in sweep.Ends)
            json.WriteNumber(end, runs);
        json.WriteEndObject();
        json.WriteStartArray("progress");
        foreach (var milestone in sweep.Progress)
        {
            json.WriteStartObject();
            json.WriteNumber("epochs", milestone.Epochs);
            json.WriteNumber("run", milestone.Run);
            SweepJson.WriteNumber(json, "best", milestone.Value);
            SweepJson.WriteNumber(json, "regret", milestone.Regret);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
