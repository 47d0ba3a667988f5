using System.Text.Json;
using System.Text.Json.Nodes;
using Engine.Data;
using Engine.Networks;
using Engine.Training;

namespace Engine.Formats;

/// <summary>
/// Saves and loads trained models as <c>.safetensors</c> or <c>.npz</c>, chosen by the extension. The file contains everything needed to
/// predict: weights, architecture, classes, and the scaling of features and targets. docs/formats.md describes both formats.
/// </summary>
public static class ModelFile
{
    private const string Factor = "scaling.factor";
    private const string Offset = "scaling.offset";
    private const string TargetFactor = "target.factor";
    private const string TargetOffset = "target.offset";

    /// <summary>Writes the current weights of a trainer to a file, atomically.</summary>
    public static void Save(Trainer trainer, string path) => Save(Content(trainer), path);

    /// <summary>Writes the current weights of a trainer as a <c>.safetensors</c> file.</summary>
    /// <param name="trainer">The trainer.</param>
    /// <param name="destination">The file.</param>
    /// <param name="extractor">
    /// The model whose convolutions extracted the trainer's features, which must be unscaled. The file then contains one network of these
    /// convolutions and the trainer's layers, with the inputs of <paramref name="extractor"/>. Null for a network without an extractor.
    /// </param>
    public static void Write(Trainer trainer, Stream destination, SavedModel? extractor = null) =>
        Safetensors.Write(destination, extractor is null ? Content(trainer) : Join(extractor, Content(trainer)));

    /// <summary>
    /// Writes a model in the format of <see cref="Write"/> to a file, atomically, and adds the origin of the weights. Throws
    /// <see cref="DataFileException"/> when <paramref name="model"/> is damaged.
    /// </summary>
    public static void Save(byte[] model, JsonObject origin, string path)
    {
        var file = Safetensors.Read(model, path);
        Save(file with { Metadata = (Describe(file, path) with { Origin = origin }).ToJson() }, path);
    }

    /// <summary>
    /// Replaces a trainer's weights by those of a model in the format of <see cref="Write"/>. Throws <see cref="InvalidDataException"/>
    /// when the model is damaged or has another architecture. <paramref name="extractor"/> must be the one that was given to
    /// <see cref="Write"/>.
    /// </summary>
    public static void LoadWeights(Trainer trainer, byte[] model, SavedModel? extractor = null)
    {
        try
        {
            var others = (extractor is null ? [] : FeatureExtraction.Layers(extractor.Model).SelectMany(layer => layer.Parameters).Select(parameter => parameter.Name))
                .Concat([Factor, Offset, TargetFactor, TargetOffset]).ToHashSet();
            trainer.Model.Network.ImportWeights(Safetensors.Read(model, "weights").Tensors
                .Where(tensor => !others.Contains(tensor.Name)).Select(tensor => (tensor.Name, tensor.Shape, tensor.Values)));
        }
        catch (Exception e) when (e is EngineException or DataFileException)
        {
            throw new InvalidDataException(e.Message, e);
        }
    }

    private static void Save(TensorFile file, string path)
    {
        var write = Format(path).Write;
        AtomicFile.Write(path, stream => write(stream, file));
    }

    /// <summary>
    /// Reads a model file. Throws <see cref="DataFileException"/> when it is not a model, is damaged, or contradicts its own description.
    /// </summary>
    public static SavedModel Load(string path)
    {
        var read = Format(path).Read;
        byte[] content;
        try
        {
            content = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            throw new DataFileException(path, null, "cannot be opened", "a readable file", e);
        }
        return Build(read, content, path);
    }

    /// <summary>
    /// Reads a model in the format of <see cref="Write"/>. Throws <see cref="DataFileException"/> with <paramref name="name"/> as the file.
    /// </summary>
    public static SavedModel Read(byte[] content, string name) => Build(Safetensors.Read, content, name);

    private static SavedModel Build(Func<byte[], string, TensorFile> read, byte[] content, string path)
    {
        var file = read(content, path);
        try
        {
            return Build(file, path);
        }
        catch (Exception e) when (e is EngineException or ArgumentException or JsonException)
        {
            throw new DataFileException(path, null, $"a model that cannot be built ({e.Message.TrimEnd('.')})", "a model file that this program wrote", e);
        }
    }

    private static TensorFile Content(Trainer trainer)
    {
        var (options, data) = (trainer.Options, trainer.Data);
        var description = new ModelDescription
        {
            Version = data.Output.Task == LearningTask.Classification && data.Encoding?.IsPlain != false ? 1 : ModelDescription.CurrentVersion,
            Input = [data.Height, data.Width, data.Channels],
            Classes = [.. data.Output.Names],
            Task = ModelDescription.NameOf(data.Output.Task),
            Convolutions = [.. options.Convolutions.Select(ConvolutionDescription.Of)],
            HiddenSizes = [.. options.HiddenSizes],
            Activations = [.. options.Activations],
            Loss = options.Loss!,
            Columns = data.Encoding is { } encoding ? [.. encoding.FeatureNames] : null,
            Table = data.Encoding,
        };
        var scaling = trainer.Model.Scaling;
        var weights = trainer.Model.Network.ExportWeights().Select(w => new Tensor(w.Name, w.Shape, w.Values));
        Tensor[] targets = trainer.Model.Output.Scaling is { } unit
            ? [new(TargetFactor, [unit.Factor.Length], unit.Factor), new(TargetOffset, [unit.Offset.Length], unit.Offset)]
            : [];
        return new TensorFile(
            [.. weights, new(Factor, [scaling.Factor.Length], scaling.Factor), new(Offset, [scaling.Offset.Length], scaling.Offset), .. targets],
            description.ToJson());
    }

    /// <summary>Joins the convolutions of the extractor and the dense layers on its features into one network.</summary>
    private static TensorFile Join(SavedModel extractor, TensorFile dense)
    {
        var scaling = extractor.Model.Scaling;
        var convolutions = FeatureExtraction.Layers(extractor.Model).SelectMany(layer => layer.Parameters)
            .Select(parameter => new Tensor(parameter.Name, parameter.Shape, parameter.Export()));
        var description = ModelDescription.FromJson(dense.Metadata!) with
        {
            Input = [extractor.Input.Height, extractor.Input.Width, extractor.Input.Channels],
            Convolutions = [.. extractor.Convolutions.Select(ConvolutionDescription.Of)],
        };
        return new TensorFile(
            [.. convolutions, .. dense.Tensors.Where(tensor => tensor.Name is not (Factor or Offset)),
                new(Factor, [scaling.Factor.Length], scaling.Factor), new(Offset, [scaling.Offset.Length], scaling.Offset)],
            description.ToJson());
    }

    private static SavedModel Build(TensorFile file, string path)
    {
        var description = Describe(file, path);
        if (description.Version is < 1 or > ModelDescription.CurrentVersion)
            throw new DataFileException(path, null, $"description version {description.Version}", $"1 to {ModelDescription.CurrentVersion}");
        if (description.Input is not [> 0 and var height, > 0 and var width, > 0 and var channels])
            throw new DataFileException(path, null, $"input [{string.Join(", ", description.Input)}]", "height, width and channels, each at least 1");

        description.Options.Validate();
        var byName = file.Tensors.ToDictionary(t => t.Name, StringComparer.Ordinal);
        if (!byName.Remove(Factor, out var factor) || !byName.Remove(Offset, out var offset))
            throw new DataFileException(path, null, $"no {Factor} and {Offset}", "the scaling of the features beside the weights");

        // In 128 bits, because a product that overflows could equal the number of factors; the kernels would then use wrong sizes.
        if ((Int128)height * width * channels != factor.Values.Length)
            throw new DataFileException(path, null, $"{Factor} for {factor.Values.Length} features", $"{height} × {width} × {channels}, the features of one example");
        var input = new ImageShape(height, width, channels);

        var output = description.Output;
        if (output.Task == LearningTask.Regression)
            output = output with { Scaling = TargetScaling(byName, output.Count, path) };
        var model = new Model(description.Options, input, output, new Scaling(factor.Values, offset.Values), seed: 0);
        try
        {
            model.Network.ImportWeights(byName.Values.Select(t => (t.Name, t.Shape, t.Values)));
            return new SavedModel(model, input, description.Options.Convolutions, Encoding(description, input));
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>
    /// The encoding in the description, or one made from the column names in a file of version 1. Throws <see cref="JsonException"/> when
    /// it does not fit the input.
    /// </summary>
    private static TableEncoding? Encoding(ModelDescription description, ImageShape input)
    {
        var encoding = description.Table ?? (description.Columns is { } names ? new TableEncoding([.. names.Select(name => new ColumnEncoding(name))], []) : null);
        return encoding is null || encoding.Features == input.Size ? encoding : throw new JsonException($"Its columns make {encoding.Features} features, not {input.Size}.");
    }

    private static Scaling TargetScaling(Dictionary<string, Tensor> tensors, int targets, string path) =>
        tensors.Remove(TargetFactor, out var factor) && tensors.Remove(TargetOffset, out var offset) && factor.Values.Length == targets
            ? new Scaling(factor.Values, offset.Values)
            : throw new DataFileException(path, null, $"no {TargetFactor} and {TargetOffset} for {targets} targets", "the units of the targets beside the weights");

    private static ModelDescription Describe(TensorFile file, string path)
    {
        var json = file.Metadata ?? throw new DataFileException(path, null, "no description of the model", "a file that this program wrote");
        try
        {
            return ModelDescription.FromJson(json);
        }
        catch (JsonException e)
        {
            throw new DataFileException(path, null, $"a description of the model that cannot be read ({e.Message.TrimEnd('.')})", "a model file that this program wrote", e);
        }
    }

    private static (Action<Stream, TensorFile> Write, Func<byte[], string, TensorFile> Read) Format(string path) =>
        Path.GetExtension(path).ToUpperInvariant() switch
        {
            ".SAFETENSORS" => (Safetensors.Write, Safetensors.Read),
            ".NPZ" => (Npz.Write, Npz.Read),
            var other => throw new EngineException($"Models cannot be in a file that ends in '{other}': {path}. Use .safetensors or .npz."),
        };
}
