using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Engine.Data;
using Engine.Networks;
using Engine.Training;

namespace Engine.Formats;

/// <summary>What is stored beside the weights, as JSON: enough to build the network again and to name its predictions.</summary>
internal sealed record ModelDescription
{
    /// <summary>Programs that read version 1 take every output for a class, and every column of a table for a number.</summary>
    public const int CurrentVersion = 2;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>1 where all that a reader of that version ignores does not matter, else 2.</summary>
    public required int Version { get; init; }

    /// <summary>Height, width, channels.</summary>
    public required int[] Input { get; init; }

    /// <summary>One name per output: the classes, or, with <see cref="Task"/>, the targets or labels.</summary>
    public required string[] Classes { get; init; }

    /// <summary><c>regression</c> or <c>multi_label</c>; null for classification.</summary>
    public string? Task { get; init; }

    public required ConvolutionDescription[] Convolutions { get; init; }

    public required int[] HiddenSizes { get; init; }

    public required string[] Activations { get; init; }

    public required string Loss { get; init; }

    /// <summary>The names of the features, for a model of a table.</summary>
    public string[]? Columns { get; init; }

    /// <summary>How the columns of a table become features; absent for data that are no tables, and in older files.</summary>
    public TableEncoding? Table { get; init; }

    /// <summary>Where the weights come from (sweep, run, epoch, configuration …), in the words of the program that trained them.</summary>
    public JsonObject? Origin { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>Throws <see cref="JsonException"/> when this is not such a description.</summary>
    public static ModelDescription FromJson(string json) =>
        JsonSerializer.Deserialize<ModelDescription>(json, Json) ?? throw new JsonException("It is null.");

    /// <summary>What the outputs mean, without the scaling of targets. Throws <see cref="JsonException"/> at an unknown task.</summary>
    [JsonIgnore]
    public OutputSpec Output => new(Tasks.TryGetValue(Task ?? "", out var task) ? task : throw new JsonException($"Unknown task '{Task}'."), Classes);

    private static readonly Dictionary<string, LearningTask> Tasks = new()
    {
        [""] = LearningTask.Classification, ["regression"] = LearningTask.Regression, ["multi_label"] = LearningTask.MultiLabel,
    };

    /// <summary>The name of a kind of prediction; null for classification.</summary>
    public static string? NameOf(LearningTask task) => Tasks.First(pair => pair.Value == task).Key is { Length: > 0 } name ? name : null;

    /// <summary>The options that decide the shape of the network. They are no part of the file: how the model was trained is in <see cref="Origin"/>.</summary>
    [JsonIgnore]
    public TrainingOptions Options => new()
    {
        Convolutions = [.. Convolutions.Select(c => new ConvolutionOptions
        {
            Filters = c.Filters, Kernel = c.Kernel, Padding = c.Padding, Stride = c.Stride, Activation = c.Activation,
            Pooling = c.Pooling, PoolingSize = c.PoolingSize, PoolOnlyWhereItFits = c.PoolOnlyWhereItFits,
        })],
        HiddenSizes = HiddenSizes,
        Activations = Activations,
        Loss = Loss,
    };
}

/// <summary>
/// One convolution of a <see cref="ModelDescription"/>; the padding is in pixels on every side, or <see cref="ConvolutionOptions.Same"/> where an
/// even kernel has more on one.
/// </summary>
internal sealed record ConvolutionDescription(
    int Filters, int Kernel, int Padding, int Stride, string Activation, string Pooling, int PoolingSize, bool PoolOnlyWhereItFits)
{
    public static ConvolutionDescription Of(ConvolutionOptions o) =>
        new(o.Filters, o.Kernel, o.Geometry.Extra == 0 ? o.Geometry.Padding : o.Padding, o.Stride, o.Activation, o.Pooling, o.PoolingSize, o.PoolOnlyWhereItFits);
}
