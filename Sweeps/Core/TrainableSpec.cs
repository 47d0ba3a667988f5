namespace Sweeps.Core;

/// <summary>What a sweep trains.</summary>
public abstract record TrainableSpec
{
    private TrainableSpec() { }

    /// <summary>A neural network on a data set.</summary>
    /// <param name="Dataset"><c>fashion-mnist</c>, <c>mnist</c>, <c>glyphs</c>, or a path.</param>
    public sealed record Network(string Dataset) : TrainableSpec
    {
        /// <summary>
        /// What the words of parameters mean: in format 1, <c>random</c> weights had the variance 1/fan-in; in format 2 they have the deviation
        /// <c>init_scale</c>, and the other is called <c>lecun</c>. The stored text of a sweep says its format (1 when it does not), so that its
        /// runs train as they began.
        /// </summary>
        public int Format { get; init; } = NewestFormat;

        /// <summary>The format of sweep files that do not say theirs.</summary>
        public const int NewestFormat = 2;
    }

    /// <summary>Recorded learning curves: a configuration's parameter <c>row</c> chooses one.</summary>
    /// <param name="File">A path, relative to the working folder or to a folder of data sets.</param>
    public sealed record Table(string File) : TrainableSpec;

    /// <summary>A closed-form multi-fidelity function (docs/search.md, 8).</summary>
    /// <param name="Name">The function: <c>hartmann6</c>, <c>branin</c> …</param>
    /// <param name="Noise">Standard deviation of the noise that is added, at least 0.</param>
    /// <param name="Fidelity">How an epoch becomes a fidelity.</param>
    /// <param name="Pace">How long an epoch waits, but for a simulation; 0 for not at all.</param>
    public sealed record Function(string Name, double Noise, Fidelity Fidelity, TimeSpan Pace = default) : TrainableSpec;
}

/// <summary>How epoch e of R becomes a fidelity z in [0, 1].</summary>
public enum Fidelity
{
    /// <summary>z = e / R.</summary>
    Linear = 0,

    /// <summary>z = ln e / ln R.</summary>
    Logarithmic = 1,
}
