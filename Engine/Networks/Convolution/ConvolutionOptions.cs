using Engine.Data;

namespace Engine.Networks;

/// <summary>One convolution of a network with its activation and optional pooling.</summary>
public sealed record ConvolutionOptions
{
    /// <summary>
    /// The <see cref="Padding"/> that keeps the size at stride 1: kernel − 1 zeros in each direction, half on each side. For an even kernel
    /// the extra zero is at the bottom and the right, as in PyTorch and Keras.
    /// </summary>
    public const int Same = -1;

    /// <summary>The number of output channels, ≥ 1.</summary>
    public required int Filters { get; init; }

    /// <summary>Rows and columns of the kernel, ≥ 1.</summary>
    public int Kernel { get; init; } = 3;

    /// <summary>Zeros on every side, 0 … kernel − 1 (0 is <c>valid</c> in sweep files), or <see cref="Same"/>.</summary>
    public int Padding { get; init; } = Same;

    /// <summary>Pixels from one position to the next, ≥ 1.</summary>
    public int Stride { get; init; } = 1;

    /// <summary>The activation (<see cref="Activations"/>).</summary>
    public string Activation { get; init; } = "relu";

    /// <summary>The pooling (<see cref="Poolings"/>).</summary>
    public string Pooling { get; init; } = "none";

    /// <summary>Rows and columns of a pooling window, ≥ 2; not used by <c>none</c> and <c>global_average</c>.</summary>
    public int PoolingSize { get; init; } = 2;

    /// <summary>Whether pooling is left out when the image is smaller than a window, instead of being refused.</summary>
    public bool PoolOnlyWhereItFits { get; init; }

    /// <summary>Kernel, padding in pixels, and stride.</summary>
    public ConvolutionGeometry Geometry => new(Kernel, Padding == Same ? (Kernel - 1) / 2 : Padding, Stride) { Extra = Padding == Same ? (Kernel - 1) % 2 : 0 };

    /// <summary>Throws <see cref="EngineException"/> for the first option that is not valid for any image.</summary>
    public void Validate()
    {
        Require(Filters >= 1, $"A convolution has {Filters} filters, but needs at least 1.");
        Require(Kernel >= 1, $"A kernel has {Kernel} rows, but needs at least 1.");
        Require(Padding == Same || (Padding >= 0 && Padding < Kernel), $"Padding is {Padding}, but must be 0 to {Kernel - 1} for a kernel of {Kernel}.");
        Require(Stride >= 1, $"The stride is {Stride}, but must be at least 1.");
        Require(PoolingSize >= 2, $"Pooling windows have {PoolingSize} rows, but need at least 2. Use pooling 'none' for no pooling.");
        Activations.Catalog.Find(Activation);
        Poolings.Catalog.Find(Pooling);
    }

    /// <summary>A short description, also compared in checkpoints: <c>32 3x3 p1 s1 relu max2</c>.</summary>
    public override string ToString() =>
        $"{Filters} {Kernel}x{Kernel} p{Geometry.Padding} s{Stride} {Activation} {Pooling}{(Pooling is "max" or "average" ? $"{PoolingSize}" : "")}";

    private static void Require(bool condition, string otherwise)
    {
        if (!condition)
            throw new EngineException(otherwise);
    }
}

/// <summary>The geometry of a square kernel that moves over an image.</summary>
/// <param name="Kernel">Rows and columns of the kernel, ≥ 1.</param>
/// <param name="Padding">Zeros on every side, 0 … kernel − 1.</param>
/// <param name="Stride">Pixels from one position to the next, ≥ 1.</param>
public readonly record struct ConvolutionGeometry(int Kernel, int Padding, int Stride)
{
    /// <summary>Additional zeros at the bottom and the right.</summary>
    internal int Extra { get; init; }

    /// <summary>The shape of the result. Throws <see cref="EngineException"/> when the kernel is larger than the padded image.</summary>
    public ImageShape Output(ImageShape input, int filters)
    {
        if (Math.Min(input.Height, input.Width) + 2 * Padding + Extra < Kernel)
            throw new EngineException(
                $"A {Kernel}×{Kernel} kernel does not fit into {input.Height}×{input.Width} pixels with padding {Padding}. "
                + "Use a smaller kernel, more padding or less pooling before it.");
        return new ImageShape(Along(input.Height), Along(input.Width), filters);
    }

    private int Along(int size) => (size + 2 * Padding + Extra - Kernel) / Stride + 1;
}
