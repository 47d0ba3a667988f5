using System.Text.Json;
using Engine;
using Engine.Data;
using Engine.Formats;
using Sweeps.Analysis;
using Sweeps.Core;

namespace Sweeps.Page;

/// <summary>Evaluates a run's best weights on their data set and writes the result as JSON for the page's charts of the model.</summary>
internal static class ModelJson
{
    private const int MaxMistakes = 30;
    private const int MaxUnits = 64;

    /// <summary>Evaluates the best weights of a run. Returns the result with the epoch of the weights. It does not download the data set.</summary>
    /// <exception cref="PageRequestException">
    /// The sweep does not train a network, the weights are not kept, the data set is not on this machine, or a file is damaged.
    /// </exception>
    public static async Task<(int Epoch, string Json)> OfAsync(IPageSource source, string sweep, SweepSpec spec, int run, CancellationToken cancel)
    {
        if (spec.Trainable is not TrainableSpec.Network { Dataset: var name })
            throw new PageRequestException("Only networks that the sweep itself trains can be examined.");
        var weights = await source.BestWeightsAsync(sweep, run, cancel)
            ?? throw new PageRequestException($"The weights of run {run} are not kept. Only the weights of the best runs are.");
        try
        {
            return await Task.Run(() =>
            {
                var data = Datasets.Shared.Load(name, DataOptions.FromEnvironment() with { Download = false }, null, cancel);
                return (weights.Epoch, PageJson.Write(json => Write(json, run, ModelInspection.Of(weights.Data.ToArray(), data), data)));
            }, cancel);
        }
        catch (Exception problem) when (problem is DatasetNotFoundException or DataFileException or EngineException)
        {
            throw new PageRequestException(problem.Message, problem);
        }
    }

    private static void Write(Utf8JsonWriter json, int run, ModelInspection model, Dataset data)
    {
        var names = model.Output.Names;
        json.WriteStartObject();
        json.WriteNumber("run", run);
        json.WriteString("part", model.Part);
        json.WriteStartArray("names");
        foreach (var name in names)
            json.WriteStringValue(name);
        json.WriteEndArray();
        json.WriteStartArray("confusion");
        for (var label = 0; model.Report is { } report && label < names.Count; label++)
        {
            json.WriteStartArray();
            for (var prediction = 0; prediction < names.Count; prediction++)
                json.WriteNumberValue(report.Confusion(label, prediction));
            json.WriteEndArray();
        }
        json.WriteEndArray();
        json.WriteNumber("mistakes", model.Mistakes.Count);
        json.WriteStartArray("worst");
        foreach (var mistake in model.Mistakes.Take(MaxMistakes))
        {
            json.WriteStartObject();
            json.WriteString("label", names[mistake.Label]);
            json.WriteString("prediction", names[mistake.Prediction]);
            json.WriteNumber("probability", mistake.Probability);
            Image(json, model.Image(mistake.Example));
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("classes");
        foreach (var (image, label) in ModelInspection.ImagePerClass(data).Select((image, label) => (image, label)))
            Picture(json, names[label], image);
        json.WriteEndArray();
        json.WriteNumber("units", model.FirstLayer.Count);
        json.WriteStartArray("layer");
        foreach (var unit in model.FirstLayer.Take(MaxUnits))
            Picture(json, unit.Name, unit.ToPng());
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Picture(Utf8JsonWriter json, string name, byte[]? image)
    {
        json.WriteStartObject();
        json.WriteString("name", name);
        Image(json, image);
        json.WriteEndObject();
    }

    private static void Image(Utf8JsonWriter json, byte[]? png)
    {
        if (png is not null)
            json.WriteBase64String("image", png);
    }
}
