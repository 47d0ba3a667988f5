namespace Engine.Networks;

/// <summary>The shape of a network and how its weights start.</summary>
public record NetworkOptions
{
    /// <summary>Convolutions before the dense layers, from first to last; empty for a dense network.</summary>
    public IReadOnlyList<ConvolutionOptions> Convolutions { get; init; } = [];

    /// <summary>Units of each hidden dense layer, each ≥ 1; empty for a linear classifier.</summary>
    public IReadOnlyList<int> HiddenSizes { get; init; } = [128];

    /// <summary>One activation for all hidden layers, or one per hidden layer (<see cref="Networks.Activations"/>).</summary>
    public IReadOnlyList<string> Activations { get; init; } = ["relu"];

    /// <summary>Probability of dropping a hidden value while training, in [0, 1).</summary>
    public double Dropout { get; init; }

    /// <summary>How weights start (<see cref="Initializers"/>); biases start at 0, but for <c>pytorch</c>.</summary>
    public string Initializer { get; init; } = "xavier";

    /// <summary>The deviation of <c>random</c> weights, and the largest of <c>random_uniform</c> ones; Keras' default.</summary>
    public double InitScale { get; init; } = 0.05;

    /// <summary>Throws <see cref="EngineException"/> at the first thing that cannot be trained.</summary>
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
