using Engine;
using Engine.Networks;
using Engine.Training;

namespace Sweeps.Training.Networks;

/// <summary>Collects the parameters of one run in any order and builds its training options.</summary>
public sealed class NetworkSettings
{
    /// <summary>The options that are set by one parameter each.</summary>
    public TrainingOptions Options { get; set; } = new();

    /// <summary>The number of hidden layers. Must be null if <see cref="HiddenSizes"/> is set.</summary>
    public int? HiddenLayers { get; set; }

    /// <summary>The width of every hidden layer. Must be null if <see cref="HiddenSizes"/> is set.</summary>
    public int? HiddenSize { get; set; }

    /// <summary>The width of each hidden layer.</summary>
    public IReadOnlyList<int>? HiddenSizes { get; set; }

    /// <summary>The convolutions before the dense layers.</summary>
    public ConvolutionSettings Convolution { get; } = new();

    /// <summary>The number of the run whose features are the data; null to train on the data set itself.</summary>
    public int? FeaturesOf { get; set; }

    /// <summary>The scaling; null for the default, which is none for features.</summary>
    public string? Scaling { get; set; }

    /// <summary>The options of optimizers. Those that the selected optimizer does not have are ignored.</summary>
    public Dictionary<string, double> OptimizerOptions { get; } = [];

    /// <summary>The options of schedules. Those that the selected schedule does not have are ignored.</summary>
    public Dictionary<string, double> ScheduleOptions { get; } = [];

    /// <summary>Whether a stuck run ends; null for the default, which is true in a sweep with rungs.</summary>
    public bool? StopStuck { get; set; }

    /// <summary>The training seed of the configuration, which replaces that of the run.</summary>
    public ulong? Seed { get; set; }

    /// <summary>
    /// Builds the options. A cosine schedule without its own <c>epochs</c> ends at the last epoch of the run. Throws
    /// <see cref="ConfigurationException"/> if a network cannot be trained with the options.
    /// </summary>
    /// <param name="epochs">The number of epochs of the run.</param>
    /// <param name="splitSeed">The seed that selects the validation part.</param>
    public TrainingOptions Finish(int epochs, ulong splitSeed)
    {
        if (HiddenSizes is not null && (HiddenLayers is not null || HiddenSize is not null))
            throw new ConfigurationException("'hidden_sizes' lists every width: remove 'hidden_layers' and 'hidden_size'.");
        if (FeaturesOf is not null && Scaling is not (null or "none"))
            throw new ConfigurationException($"features are not scaled: with 'features_of', 'scaling' is none or absent, not {Scaling}.");
        try
        {
            var options = Options with
            {
                HiddenSizes = HiddenSizes ?? [.. Enumerable.Repeat(HiddenSize ?? Standard.HiddenSizes[0], HiddenLayers ?? Standard.HiddenSizes.Count)],
                Convolutions = Convolution.Build(Options.Activations[0]),
                OptimizerOptions = Known(OptimizerOptions, Optimizers.Catalog.Keys(Options.Optimizer)),
                ScheduleOptions = Known(ScheduleOptions, Schedules.Catalog.Keys(Options.Schedule)),
                SplitSeed = splitSeed,
                Scaling = Scaling ?? (FeaturesOf is null ? Standard.Scaling : "none"),
            };
            if (FeaturesOf is not null && options.Convolutions.Count > 0)
                throw new ConfigurationException("features have no rows and columns: a network with 'features_of' cannot have convolutions.");
            if (options.Schedule == "cosine" && !options.ScheduleOptions.ContainsKey("epochs"))
                options = options with { ScheduleOptions = new Dictionary<string, double>(options.ScheduleOptions) { ["epochs"] = epochs } };
            options.Validate();
            return options;
        }
        catch (Engine.EngineException refused)
        {
            throw new ConfigurationException(refused.Message, refused);
        }
    }

    private static TrainingOptions Standard { get; } = new();

    private static Dictionary<string, double> Known(Dictionary<string, double> given, IReadOnlyList<OptionKey> keys) =>
        given.Where(option => keys.Any(key => key.Name == option.Key)).ToDictionary();
}
