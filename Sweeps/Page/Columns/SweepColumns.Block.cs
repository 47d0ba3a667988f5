using System.IO.Compression;
using System.Text.Json;
using Sweeps.Core;
using Sweeps.Core.Space;
using Sweeps.Programs;

namespace Sweeps.Page.Columns;

public sealed partial class SweepColumns
{
    /// <summary>
    /// The largest number of objective values that are written in double precision. In double precision the page ranks close values exactly
    /// as the log does.
    /// </summary>
    private const int MaxDoubles = 50_000;

    /// <summary>The rows from index <paramref name="from"/> on as a block of <see cref="ColumnWriter"/>.</summary>
    public byte[] Block(int from = 0, CompressionLevel level = CompressionLevel.Fastest)
    {
        var writer = new ColumnWriter();
        writer.Whole("kind", kinds.Skip(from).Select(kind => (long)kind));
        writer.Difference("seq", seqs.Skip(from));
        writer.Difference("at", times.Skip(from));
        writer.Difference("run", runs.Skip(from).Select(run => (long)run));
        writer.Whole("text", texts.Skip(from).Select(text => (long)text));
        writer.Text("numbers", string.Join('\n', numbers.Skip(texts.Take(from).Count(text => text > 0))));

        var first = created.Rows.Count(row => row < from);
        writer.Whole("bracket", created.Brackets.Skip(first).Select(bracket => (long)bracket));
        writer.Whole("maxEpochs", created.MaxEpochs.Skip(first).Select(most => (long)most));
        foreach (var parameter in created.Parameters)
            Write(writer, parameter, first);

        first = assigned.Rows.Count(row => row < from);
        writer.Whole("node", assigned.Nodes.Skip(first).Select(node => (long)node));
        writer.Whole("until", assigned.Until.Skip(first).Select(until => (long)until));

        first = epochs.Rows.BinarySearch(from) is var at && at < 0 ? ~at : at;
        writer.Whole("duration", epochs.Durations.Skip(first));
        foreach (var (name, values) in epochs.Metrics)
            if (name == State.Spec.Objective.Name && values.Count <= MaxDoubles)
                writer.Double("metric:" + name, values[first..]);
            else
                writer.Single("metric:" + name, values[first..].ConvertAll(value => (float)value));
        writer.Whole("wasted", wasted.Where(one => one.Row >= from).Select(one => (long)one.Epochs));
        return writer.ToBlock(json => Describe(json, from), level);
    }

    private static void Write(ColumnWriter writer, ParameterColumn parameter, int first)
    {
        var (name, values) = ("parameter:" + parameter.Name, parameter.Values.Skip(first).ToArray());
        if (!parameter.Numeric)
            writer.Whole(name, values.Select(value => (long)value));
        else if (values.Any(value => Math.Abs(value) > 1 << 24 && value == Math.Floor(value)))
            writer.Double(name, values);
        else
            writer.Single(name, Array.ConvertAll(values, value => (float)value));
    }

    private void Describe(Utf8JsonWriter json, int from)
    {
        var spec = State.Spec;
        json.WriteNumber("from", from);
        json.WriteNumber("rows", Rows - from);
        json.WriteString("sweep", State.Sweep);
        json.WriteString("name", spec.Name);
        json.WriteString("description", spec.Description);
        json.WriteString("trains", Trained(spec.Trainable));
        json.WriteString("method", spec.Method.Name);
        json.WriteString("rules", spec.Rules.Count == 0 ? "none" : string.Join(" + ", spec.Rules.Select(rule => rule.Summary)));
        json.WriteString("objective", spec.Objective.Name);
        json.WriteBoolean("maximize", spec.Objective.Goal == Goal.Maximize);
        if (spec.Objective.Target is { } target)
            json.WriteNumber("target", target);
        if (spec.RunCap is { } cap)
            json.WriteNumber("runCap", cap);
        json.WriteNumber("maxEpochs", Math.Min(spec.MaxEpochs, spec.LastEpoch));
        json.WriteString("file", State.SpecText);
        json.WriteStartArray("rungs");
        foreach (var rung in State.Rungs)
        {
            json.WriteStartArray();
            json.WriteNumberValue(rung.Bracket);
            json.WriteNumberValue(rung.Epoch);
            json.WriteEndArray();
        }
        json.WriteEndArray();
        json.WriteStartArray("parameters");
        foreach (var parameter in created.Parameters)
            Describe(json, parameter, spec.Space.Find(parameter.Name));
        json.WriteEndArray();
        Strings(json, "metrics", epochs.Metrics.Select(metric => metric.Name));
        Strings(json, "nodes", nodes.From(from));
        Strings(json, "templates", templates.From(from));
        json.WriteStartArray("tested");
        foreach (var (row, metrics) in tested.Where(one => one.Row >= from))
        {
            json.WriteStartObject();
            foreach (var (name, value) in metrics)
                if (double.IsFinite(value))
                    json.WriteNumber(name, value);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void Describe(Utf8JsonWriter json, ParameterColumn column, Parameter? parameter)
    {
        json.WriteStartObject();
        json.WriteString("name", column.Name);
        if (column.Numeric && column.Domain is Domain.Range range)
        {
            json.WriteNumber("low", range.Low);
            json.WriteNumber("high", range.High);
            json.WriteBoolean("log", range.Logarithmic);
            json.WriteBoolean("integer", range.Integer);
        }
        else
            Strings(json, "categories", column.Categories);
        json.WriteBoolean("conditional", parameter?.When.Count > 0);
        json.WriteEndObject();
    }

    private static void Strings(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }

    private static string Trained(TrainableSpec trainable) => trainable switch
    {
        TrainableSpec.Network { Dataset: var dataset } => dataset,
        TrainableSpec.Table { File: var file } => Path.GetFileName(file),
        TrainableSpec.Function { Name: var name } => name,
        ProgramSpec { Program: { } program } => Path.GetFileName(program),
        ProgramSpec { Command: [.., var last] } => last,
        _ => "",
    };
}
