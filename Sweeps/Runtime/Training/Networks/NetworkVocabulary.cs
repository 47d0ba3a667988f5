using Engine;
using Engine.Data;
using Engine.Networks;
using Engine.Training;
using Sweeps.Core;
using Sweeps.Files;

namespace Sweeps.Training.Networks;

/// <summary>The hyperparameters of networks by name, including the options of every optimizer and schedule in the catalogs of the engine.</summary>
public static class NetworkVocabulary
{
    /// <summary>The name of the parameter whose value is the number of the run whose features are the data.</summary>
    internal const string FeaturesOf = "features_of";

    private const int MaxLayers = 1_000;
    private const int MaxUnits = 100_000;

    private static readonly Dictionary<string, string> OptimizerSynonyms = new()
    {
        ["nag"] = "nesterov", ["nesterov_momentum"] = "nesterov", ["sgd_momentum"] = "momentum", ["stochastic"] = "sgd", ["rms_prop"] = "rmsprop",
        ["mgd"] = "momentum",
    };

    private static readonly Dictionary<string, string> ActivationSynonyms = new()
    {
        ["linear"] = "identity", ["logistic"] = "sigmoid", ["leakyrelu"] = "leaky_relu",
    };

    private static readonly Dictionary<string, string> InitializerSynonyms = new()
    {
        ["glorot"] = "xavier", ["glorot_normal"] = "xavier_normal", ["glorot_uniform"] = "xavier_uniform", ["normal"] = "random_normal",
        ["uniform"] = "random_uniform", ["torch"] = "pytorch", ["kaiming"] = "he", ["kaiming_normal"] = "he_normal", ["kaiming_uniform"] = "he_uniform",
    };

    private static readonly Dictionary<string, string> LossSynonyms = new()
    {
        ["mse"] = "mean_squared_error", ["mae"] = "absolute_error", ["l1"] = "absolute_error", ["mean_absolute_error"] = "absolute_error",
        ["bce"] = "binary_cross_entropy", ["binary_crossentropy"] = "binary_cross_entropy", ["huber_loss"] = "huber", ["crossentropy"] = "cross_entropy", ["categorical_crossentropy"] = "cross_entropy", ["ce"] = "cross_entropy",
    };

    private static readonly Dictionary<string, string> ScheduleSynonyms = new()
    {
        ["none"] = "constant", ["plateau"] = "reduce_on_plateau", ["cosine_annealing"] = "cosine", ["step_lr"] = "step",
    };

    private static readonly Dictionary<string, string> ScalingSynonyms = new()
    {
        ["minmax"] = "unit", ["min_max"] = "unit", ["standard"] = "zscore", ["z_score"] = "zscore", ["standardize"] = "zscore",
        ["pixel_zscore"] = "zscore_per_pixel",
    };

    private static readonly Dictionary<string, string[]> OptimizerOptionAliases = new()
    {
        ["learning_rate"] = ["lr", "eta", "init_lr", "initial_lr", "learning_rate_init"], ["beta"] = ["rho"], ["beta1"] = ["beta_1"],
        ["beta2"] = ["beta_2"], ["beta3"] = ["beta_3"], ["epsilon"] = ["eps"],
    };

    private static readonly NetworkParameter[] Own =
    [
        new("hidden_layers", ["num_layers", "n_layers", "nhl", "layers", "num_hidden_layers", "n_hidden", "number_of_hidden_layers", "n_hidden_layers", "depth"],
            "number of hidden layers", (s, v) => s.HiddenLayers = HyperparameterReader.Integer(v, 0, MaxLayers)),
        new("hidden_size", ["hidden_units", "units", "width", "sz", "fc_layer_size", "layer_size", "hidden_layer_size", "s_hidden_layer", "s_hidden_layers", "hidden_dim", "neurons"],
            "units of every hidden layer, or a list of widths", SetHiddenSize),
        new("hidden_sizes", ["layer_sizes", "hidden_layer_sizes"],
            "units of each hidden layer: [400, 250, 100]", (s, v) => s.HiddenSizes = HyperparameterReader.Integers(v, 1, MaxUnits)),
        new("activation", ["activations", "activation_function", "activation_para", "para", "act", "ac", "nonlinearity"],
            "one activation for all hidden layers, or a list", SetActivation),
        new("dropout", ["dropout_rate", "dropout_prob"], "probability of dropping a hidden value, in [0, 1)", Set((o, v) => o with { Dropout = HyperparameterReader.Number(v) })),
        new("weight_init", ["initializer", "init", "initialization", "weight_initialization", "initialiser", "initialisation", "weight_initialisation", "w_i", "w_init"],
            "how weights start", Set((o, v) => o with { Initializer = HyperparameterReader.Word(v, Initializers.Names, InitializerSynonyms) })),
        new("init_scale", ["init_std", "init_stddev"], "deviation of 'random' weights, largest of 'random_uniform' ones, above 0", Set((o, v) => o with { InitScale = HyperparameterReader.Number(v) })),
        new("loss", ["loss_function", "loss_fn", "criterion"], "the loss; when absent that of the data: cross_entropy of classes, squared_error of numbers, binary_cross_entropy of labels", Set((o, v) => o with { Loss = HyperparameterReader.Word(v, Losses.Names, LossSynonyms) })),
        new("label_smoothing", [], "ε in [0, 1)", Set((o, v) => o with { LabelSmoothing = HyperparameterReader.Number(v) })),
        new("huber_delta", ["delta"], "where the loss huber turns from a square into a line, in deviations of the target; above 0", Set((o, v) => o with { HuberDelta = HyperparameterReader.Number(v) })),
        new("class_weights", ["class_weight", "pos_weight"], "weights in the training loss: balanced, or a list with one for each class or label", SetClassWeights),
        new("optimizer", ["optimiser", "opt", "optim"], "the optimizer", Set((o, v) => o with { Optimizer = HyperparameterReader.Word(v, Optimizers.Names, OptimizerSynonyms) })),
        new("weight_decay", ["l2", "wd", "w_d", "l2_reg", "l2_lambda"], "λ of L2 weight decay, at least 0", Set((o, v) => o with { WeightDecay = HyperparameterReader.Number(v) })),
        new("clip_norm", ["grad_clip", "gradient_clip", "gradient_clipping", "max_grad_norm"],
            "largest norm of the gradient; 0 for no limit", Set((o, v) => o with { ClipNorm = HyperparameterReader.Number(v) })),
        new("batch_size", ["batch", "bs", "minibatch_size", "mini_batch_size"], "examples per step, or 'full'", SetBatchSize),
        new("schedule", ["lr_schedule", "lr_scheduler", "scheduler", "learning_rate_schedule"],
            "the learning rate over time", Set((o, v) => o with { Schedule = v is Value.Null ? "constant" : HyperparameterReader.Word(v, Schedules.Names, ScheduleSynonyms) })),
        new("patience", ["early_stopping_patience", "early_stopping"],
            "epochs without a lower validation loss after which a run ends itself; 0 for never",
            Set((o, v) => o with { Patience = v is Value.Null ? 0 : HyperparameterReader.Integer(v, 0) })),
        new("min_delta", ["early_stopping_min_delta"], "by how much a validation loss must be lower to count for 'patience'", Set((o, v) => o with { MinDelta = HyperparameterReader.Number(v) })),
        new("restore_best", ["restore_best_weights"], "taken from files of other tools; the weights of the best epoch are always kept", (_, v) => HyperparameterReader.Boolean(v)),
        new("validation_share", ["validation_split", "val_split", "val_share"],
            "share of the training part held out, in [0, 1)", Set((o, v) => o with { ValidationShare = HyperparameterReader.Number(v) })),
        new("stratified", ["stratify"], "whether every class gives the same share", Set((o, v) => o with { Stratified = HyperparameterReader.Boolean(v) })),
        new("scaling", ["normalization", "normalisation", "feature_scaling"], "how features are scaled", (s, v) => s.Scaling = HyperparameterReader.Word(v, Scalings.Names, ScalingSynonyms)),
        new("augment_shift", ["shift"], "pixels by which training images are moved at most; 0 for not at all", Set((o, v) => o with { AugmentShift = HyperparameterReader.Integer(v, 0) })),
        new("augment_flip", ["flip", "horizontal_flip"], "whether training images are mirrored half of the time", Set((o, v) => o with { AugmentFlip = HyperparameterReader.Boolean(v) })),
        new("loss_limit", [], "a mean loss above this counts as diverged", Set((o, v) => o with { LossLimit = HyperparameterReader.Number(v) })),
        new("stop_stuck", [], "whether a run ends if its loss stays at that of guessing or its gradient vanishes; default: in sweeps with rungs only",
            (s, v) => s.StopStuck = HyperparameterReader.Boolean(v)),
        new("epoch_examples", ["examples_per_epoch", "epoch_size"],
            "training examples of an epoch, all when absent: so that rungs and early stopping work where a pass takes minutes",
            Set((o, v) => o with { EpochExamples = v is Value.Null ? 0 : HyperparameterReader.Integer(v, 1) })),
        new(FeaturesOf, [], "the number of an earlier run of this sweep, whose convolutions turn the images into this run's data; none for the images themselves",
            (s, v) => s.FeaturesOf = v is Value.Null or Value.Text { Content: "none" } ? null : HyperparameterReader.Integer(v, 0)),
        new("epochs", ["num_epochs", "n_epochs", "max_epochs"], "epochs of the run", (_, v) => HyperparameterReader.Integer(v, 1)),
        new("seed", ["random_seed", "random_state"], "the training seed, instead of the run's own", (s, v) => s.Seed = (ulong)HyperparameterReader.Integer(v, 0)),
    ];

    /// <summary>Every hyperparameter, including those of convolutions, optimizers and schedules, in the order of the help.</summary>
    public static IReadOnlyList<NetworkParameter> All { get; } = [.. Own, .. ConvolutionVocabulary.All, .. OptimizerOptions(), .. ScheduleOptions()];

    private static readonly Dictionary<string, NetworkParameter> ByName = All
        .SelectMany(parameter => parameter.Aliases.Prepend(parameter.Name).Select(name => (name, parameter)))
        .ToDictionary(pair => pair.name, pair => pair.parameter);

    /// <summary>
    /// Returns the hyperparameter of a full name, or null. It matches the name itself (<c>lr</c>), the name with its group (<c>schedule.factor</c>), the last
    /// level (<c>model.hidden_size</c>), or the group of a last level <c>name</c> or <c>type</c> (<c>optimizer.name</c>).
    /// </summary>
    public static NetworkParameter? Find(string fullName)
    {
        var levels = Normalize(fullName).Split('.');
        var name = levels[^1] is "name" or "type" && levels.Length > 1 ? levels[^2] : levels[^1];
        return ByName.GetValueOrDefault(string.Join('_', levels)) ?? (levels.Length > 1 ? ByName.GetValueOrDefault($"{levels[^2]}_{name}") : null)
            ?? ByName.GetValueOrDefault(name);
    }

    /// <summary>
    /// Returns the training options of a configuration, its optional seed, and whether a stuck run ends. Throws <see cref="ConfigurationException"/> for
    /// an unknown name, a name that is given twice, and values that cannot be trained.
    /// </summary>
    public static (TrainingOptions Options, ulong? Seed, bool? StopStuck) Read(
        Configuration configuration, int epochs, ulong splitSeed, int format = TrainableSpec.Network.NewestFormat)
    {
        var settings = new NetworkSettings();
        var taken = new Dictionary<NetworkParameter, string>();
        foreach (var (name, value) in configuration)
        {
            var parameter = Find(name) ?? throw new ConfigurationException($"Networks have no parameter '{name}'. {DidYouMean.Hint(name, [.. All.Select(known => known.Name)])}");
            if (!taken.TryAdd(parameter, name))
                throw new ConfigurationException($"'{name}' and '{taken[parameter]}' mean the same: {parameter.Name}. Remove one of them.");
            ApplyTo(settings, parameter, name, value);
        }
        if (format == 1)
            settings.Options = settings.Options with { Initializer = settings.Options.Initializer.Replace("random", "lecun", StringComparison.Ordinal) };
        return (settings.Finish(epochs, splitSeed), settings.Seed, settings.StopStuck);
    }

    /// <summary>Sets one parameter. Throws <see cref="ConfigurationException"/>, whose message starts with its name, if the value is refused.</summary>
    public static void ApplyTo(NetworkSettings settings, NetworkParameter parameter, string name, Value value)
    {
        try
        {
            parameter.Apply(settings, value);
        }
        catch (ConfigurationException refused)
        {
            throw new ConfigurationException($"'{name}' {refused.Message}", refused);
        }
    }

    /// <summary>Converts a name to lower case, with <c>_</c> for <c>-</c> and blanks.</summary>
    internal static string Normalize(string name) => string.Create(name.Length, name, (result, source) =>
    {
        for (var i = 0; i < source.Length; i++)
            result[i] = source[i] is '-' or ' ' ? '_' : char.ToLowerInvariant(source[i]);
    });

    private static Action<NetworkSettings, Value> Set(Func<TrainingOptions, Value, TrainingOptions> change) =>
        (settings, value) => settings.Options = change(settings.Options, value);

    private static void SetHiddenSize(NetworkSettings settings, Value value)
    {
        if (value is Value.List)
            settings.HiddenSizes = HyperparameterReader.Integers(value, 1, MaxUnits);
        else
            settings.HiddenSize = HyperparameterReader.Integer(value, 1, MaxUnits);
    }

    private static void SetActivation(NetworkSettings settings, Value value)
    {
        var values = value is Value.List list ? [.. list.Items] : new[] { value };
        settings.Options = settings.Options with { Activations = [.. values.Select(item => HyperparameterReader.Word(item, Activations.Names, ActivationSynonyms))] };
    }

    private static void SetBatchSize(NetworkSettings settings, Value value)
    {
        var size = value is Value.Text { Content: "full" } ? TrainingOptions.FullBatch : HyperparameterReader.Integer(value, 1);
        settings.Options = settings.Options with { BatchSize = size };
    }

    private static void SetClassWeights(NetworkSettings settings, Value value)
    {
        if (value is Value.List list)
            settings.Options = settings.Options with { ClassWeights = [.. list.Items.Select(HyperparameterReader.Number)] };
        else
            settings.Options = settings.Options with { BalancedClasses = value is not Value.Null && HyperparameterReader.Word(value, ["balanced", "none"]) == "balanced" };
    }

    private static IEnumerable<NetworkParameter> OptimizerOptions() => Optimizers.Names
        .SelectMany(optimizer => Optimizers.Catalog.Keys(optimizer)).DistinctBy(key => key.Name)
        .Select(key => new NetworkParameter(key.Name, OptimizerOptionAliases.GetValueOrDefault(key.Name) ?? [], $"{key.Meaning}; {key.Range}",
            (settings, value) => settings.OptimizerOptions[key.Name] = HyperparameterReader.Number(value)));

    private static IEnumerable<NetworkParameter> ScheduleOptions() => Schedules.Names
        .SelectMany(schedule => Schedules.Catalog.Keys(schedule)).DistinctBy(key => key.Name)
        .Select(key => new NetworkParameter(
            key.Name.StartsWith("warmup", StringComparison.Ordinal) ? key.Name : $"schedule_{key.Name}", [], $"of the schedule: {key.Meaning}",
            (settings, value) => settings.ScheduleOptions[key.Name] = HyperparameterReader.Number(value)));
}

/// <summary>A hyperparameter of networks.</summary>
/// <param name="Name">The canonical name.</param>
/// <param name="Aliases">Other accepted names.</param>
/// <param name="Meaning">One line for the help: meaning and accepted values.</param>
/// <param name="Apply">Sets the value. Throws <see cref="ConfigurationException"/> if the value is refused.</param>
public sealed record NetworkParameter(string Name, IReadOnlyList<string> Aliases, string Meaning, Action<NetworkSettings, Value> Apply);
