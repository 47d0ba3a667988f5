namespace Engine.Networks;

/// <summary>The architecture of a network and the initialization of its weights.</summary>
public record NetworkOptions
{
    /// <summary>Convolutions before the dense layers, from first to last; empty for a dense network.</summary>
    public IReadOnlyList<ConvolutionOptions> Convolutions { get; init; } = [];

    /// <summary>Units of each hidden dense layer, each ≥ 1; empty for a linear classifier.</summary>
    public IReadOnlyList<int> HiddenSizes { get; init; } = [128];

    /// <summary>One activation for all hidden layers, or one per hidden layer (<see cref="Networks.Activations"/>).</summary>
    public IReadOnlyList<string> Activations { get; init; } = ["relu"];

    /// <summary>The probability of zeroing a hidden value in training, in [0, 1).</summary>
    public double Dropout { get; init; }

    /// <summary>The initializer of the weights (<see cref="Initializers"/>). Biases start at 0, except with <c>pytorch</c>.</summary>
    public string Initializer { get; init; } = "xavier";

    /// <summary>
    /// The standard deviation of <c>random</c> weights and the bound of <c>random_uniform</c> ones, &gt; 0. Default: 0.05, as in Keras.
    /// </summary>
    public double InitScale { get; init; } = 0.05;

    /// <summary>Throws <see cref="EngineException"/> for the first option that is not valid.</summary>
    public virtual void Validate()
    {
        foreach (var convolution in Convolutions)
            convolution.Validate();
        foreach (var size in HiddenSizes)
            Require(size >= 1, $"A hidden layer has {size} units, but needs at least 1.");
        Require(Activations.Count == 1 || Activations.Count == HiddenSizes.Count,
            $"There are {Activations.Count} activations for {HiddenSizes.Count} hidden layers. Give one for all, or one per layer.");
        foreach (var name in Activations)
            Networks.Activations.Catalog.Find(name);
        Require(Dropout is >= 0 and < 1, $"Dropout is {Dropout}, but must lie in [0, 1).");
        Initializers.Catalog.Find(Initializer);
        Require(InitScale > 0 && double.IsFinite(InitScale), $"The scale of initial weights is {InitScale}, but must be a number above 0.");
    }

    /// <summary>Throws <see cref="EngineException"/> unless the condition holds.</summary>
    protected static void Require(bool condition, FormattableString otherwise)
    {
        if (!condition)
            throw new EngineException(FormattableString.Invariant(otherwise));
    }
}
