using Engine;
using Engine.Networks;
using Engine.Training;

namespace Sweeps.Training.Networks;

/// <summary>The options of one run while its parameters are taken in, one after the other and in any order.</summary>
public sealed class NetworkSettings
{
    /// <summary>Everything that has one place in the options.</summary>
    public TrainingOptions Options { get; set; } = new();

    /// <summary>The number of hidden layers, when widths are not listed.</summary>
    public int? HiddenLayers { get; set; }

    /// <summary>The width of every hidden layer, when widths are not listed.</summary>
    public int? HiddenSize { get; set; }

    /// <summary>The widths one by one.</summary>
    public IReadOnlyList<int>? HiddenSizes { get; set; }

    /// <summary>The convolutions before the dense layers.</summary>
    public ConvolutionSettings Convolution { get; } = new();

    /// <summary>Options of any optimizer; the chosen one takes those that it has.</summary>
    public Dictionary<string, double> OptimizerOptions { get; } = [];

    /// <summary>Options of any schedule; the chosen one takes those that it has.</summary>
    public Dictionary<string, double> ScheduleOptions { get; } = [];

    /// <summary>Whether a run that is stuck ends; null where the sweep decides.</summary>
    public bool? StopStuck { get; set; }

    /// <summary>The training seed that the configuration asks for, instead of the run's own.</summary>
    public ulong? Seed { get; set; }

    /// <summary>
    /// The options as a whole. A schedule that ends at some epoch ends with the run unless told otherwise. Throws
    /// <see cref="ConfigurationException"/> when they cannot be trained.
    /// </summary>
    /// <param name="epochs">The epochs that the run may train.</param>
    /// <param name="splitSeed">Decides the validation part, the same for all runs of a sweep.</param>
    public TrainingOptions Finish(int epochs, ulong splitSeed)
    {
        if (HiddenSizes is not null && (HiddenLayers is not null || HiddenSize is not null))
            throw new ConfigurationException("'hidden_sizes' lists every width, so 'hidden_layers' and 'hidden_size' cannot stand beside it.");
        try
        {
            var options = Options with
            {
                HiddenSizes = HiddenSizes ?? [.. Enumerable.Repeat(HiddenSize ?? Standard.HiddenSizes[0], HiddenLayers ?? Standard.HiddenSizes.Count)],
                Convolutions = Convolution.Build(Options.Activations[0]),
                OptimizerOptions = Known(OptimizerOptions, Optimizers.Catalog.Keys(Options.Optimizer)),
                ScheduleOptions = Known(ScheduleOptions, Schedules.Catalog.Keys(Options.Schedule)),
                SplitSeed = splitSeed,
            };
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
