using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Engine.Data;
using Engine.Networks;
using Engine.Training;

namespace Engine.Formats;

/// <summary>The JSON description that is stored beside the weights: it is enough to rebuild the network and to name its outputs.</summary>
internal sealed record ModelDescription
{
    /// <summary>Readers of version 1 treat every output as a class and every column of a table as a number.</summary>
    public const int CurrentVersion = 2;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>1 for a classifier without categorical or imputed columns, which readers of version 1 predict correctly; else 2.</summary>
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

    /// <summary>
    /// The encoding of a table's columns; null for other data and in files of version 1 that only have <see cref="Columns"/>.
    /// </summary>
    public TableEncoding? Table { get; init; }

    /// <summary>The origin of the weights (sweep, run, epoch, configuration …), as given by the program that saved them.</summary>
    public JsonObject? Origin { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>Parses a description. Throws <see cref="JsonException"/> when it is not valid.</summary>
    public static ModelDescription FromJson(string json)
    {
        var description = JsonSerializer.Deserialize<ModelDescription>(json, Json) ?? throw new JsonException("It is null.");
        // The serializer refuses null for a property, but not for an item of a list.
        IEnumerable<object?> items = [.. description.Classes, .. description.Convolutions, .. description.Activations, .. description.Columns ?? []];
        if (description.Table is { } table)
            items = items.Concat(table.Columns).Concat(table.Outputs).Concat(table.Columns.SelectMany(column => column?.Categories ?? []));
        return items.Contains(null) ? throw new JsonException("A list in it contains null.") : description;
    }

    /// <summary>
    /// The meaning of the outputs, without the scaling of targets. Throws <see cref="JsonException"/> for an unknown task.
    /// </summary>
    [JsonIgnore]
    public OutputSpec Output => new(Tasks.TryGetValue(Task ?? "", out var task) ? task : throw new JsonException($"Unknown task '{Task}'."), Classes);

    private static readonly Dictionary<string, LearningTask> Tasks = new()
    {
        [""] = LearningTask.Classification, ["regression"] = LearningTask.Regression, ["multi_label"] = LearningTask.MultiLabel,
    };

    /// <summary>The name of a task in the file; null for classification.</summary>
    public static string? NameOf(LearningTask task) => Tasks.First(pair => pair.Value == task).Key is { Length: > 0 } name ? name : null;

    /// <summary>
    /// The options that define the architecture. Not stored: they are derived from the other properties, and the training options are in
    /// <see cref="Origin"/>.
    /// </summary>
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
/// One convolution of a <see cref="ModelDescription"/>. The padding is in pixels on every side, or <see cref="ConvolutionOptions.Same"/>
/// when an even kernel makes it asymmetric.
/// </summary>
internal sealed record ConvolutionDescription(
    int Filters, int Kernel, int Padding, int Stride, string Activation, string Pooling, int PoolingSize, bool PoolOnlyWhereItFits)
{
    public static ConvolutionDescription Of(ConvolutionOptions o) =>
        new(o.Filters, o.Kernel, o.Geometry.Extra == 0 ? o.Geometry.Padding : o.Padding, o.Stride, o.Activation, o.Pooling, o.PoolingSize, o.PoolOnlyWhereItFits);
}
