using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Sweeps.Core;
using Sweeps.Log.Json;

namespace Sweeps.Hooks;

/// <summary>One call of a hook, with a copy of the values of the sweep's state that the hook receives.</summary>
/// <param name="Name"><see cref="Hook.Best"/> or <see cref="Hook.End"/>.</param>
/// <param name="Hook">The command or address, from the sweep file.</param>
/// <param name="Sweep">The sweep's id.</param>
/// <param name="Seq">The number of the sweep's last event. A call that is repeated after a crash has the same or a later one.</param>
/// <param name="At">The time of that event.</param>
/// <param name="Status"><c>running</c>, <c>paused</c>, <c>stopping</c>, or how the sweep ended: <c>finished</c>, <c>stopped</c>, <c>cancelled</c>, <c>failed</c>.</param>
/// <param name="Best">The best run; null while no run has a finite value.</param>
public sealed record HookCall(string Name, Hook Hook, string Sweep, long Seq, DateTimeOffset At, string Status, BestRun? Best)
{
    /// <summary>The name of the sweep file.</summary>
    public required string SweepName { get; init; }

    public required Objective Objective { get; init; }

    /// <summary>The number of runs that have been proposed.</summary>
    public required int Runs { get; init; }

    /// <summary>The number of epochs that have been recorded, over all runs.</summary>
    public required long Epochs { get; init; }

    /// <summary>Creates the call from the state of the sweep.</summary>
    public static HookCall Of(string name, Hook hook, SweepState state) => new(
        name, hook, state.Sweep, state.Seq, state.At, (state.Outcome?.ToString() ?? state.Status.ToString()).ToLowerInvariant(),
        state.Best is { } run ? new BestRun(run.Number, state.Spec.Objective.Orient(run.Best), run.BestEpoch, run.Configuration) : null)
    {
        SweepName = state.Spec.Name, Objective = state.Spec.Objective, Runs = state.Runs.Count, Epochs = state.EpochsRecorded,
    };

    /// <summary>The environment variables that a command receives. Those about the best run are absent while there is none.</summary>
    public IEnumerable<KeyValuePair<string, string>> Variables
    {
        get
        {
            yield return new("SWEEP", Sweep);
            yield return new("SWEEP_HOOK", Name);
            yield return new("SWEEP_STATUS", Status);
            yield return new("SWEEP_METRIC", Objective.Name);
            if (Best is not { } best)
                yield break;
            yield return new("SWEEP_RUN", best.Run.ToString(CultureInfo.InvariantCulture));
            yield return new("SWEEP_VALUE", best.Value.ToString("R", CultureInfo.InvariantCulture));
            yield return new("SWEEP_EPOCH", best.Epoch.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>One sentence for people, sent as <c>text</c> of <see cref="Json"/>: the property that chat services show.</summary>
    public string Text
    {
        get
        {
            var best = Best is { } run
                ? string.Create(CultureInfo.InvariantCulture, $"{Objective.Name} {run.Value:G6} of run {run.Run} at epoch {run.Epoch}")
                : $"no run has reported a finite {Objective.Name}";
            return Name == Hook.Best ? $"Sweep {Sweep}: new best, {best}." : $"Sweep {Sweep} has ended ({Status}): {(Best is null ? "" : "best ")}{best}.";
        }
    }

    /// <summary>The message that a command reads from standard input and an address receives as the request body: JSON in UTF-8.</summary>
    public byte[] Json()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("hook", Name);
            json.WriteString("text", Text);
            json.WriteString("sweep", Sweep);
            json.WriteString("name", SweepName);
            json.WriteString("status", Status);
            json.WriteString("metric", Objective.Name);
            json.WriteString("goal", Objective.Goal == Goal.Maximize ? "maximize" : "minimize");
            if (Best is { } best)
            {
                json.WriteNumber("run", best.Run);
                json.WriteNumber("value", best.Value);
                json.WriteNumber("epoch", best.Epoch);
                json.WritePropertyName("configuration");
                ConfigurationJson.Write(json, best.Configuration);
            }
            json.WriteNumber("runs", Runs);
            json.WriteNumber("epochs", Epochs);
            json.WriteNumber("seq", Seq);
            json.WriteString("at", At);
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }
}

/// <summary>The best run of a sweep, with its best value and the epoch of that value.</summary>
public sealed record BestRun(int Run, double Value, int Epoch, Configuration Configuration);
