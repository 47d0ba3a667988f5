using Engine.Layers;

namespace Engine.Convolution;

/// <summary>How a square kernel moves over an image.</summary>
/// <param name="Kernel">Rows and columns of the kernel, ≥ 1.</param>
/// <param name="Padding">Zeros on every side, 0 … kernel − 1.</param>
/// <param name="Stride">Pixels from one position to the next, ≥ 1.</param>
public readonly record struct ConvolutionGeometry(int Kernel, int Padding, int Stride)
{
    /// <summary>The shape of the result. Throws <see cref="EngineException"/> when the kernel is larger than the padded image.</summary>
    public ImageShape Output(ImageShape input, int filters)
    {
        if (input.Height + 2 * Padding < Kernel || input.Width + 2 * Padding < Kernel)
            throw new EngineException(
                $"A {Kernel}×{Kernel} kernel does not fit into {input.Height}×{input.Width} pixels with padding {Padding}. "
                + "Use a smaller kernel, more padding or less pooling before it.");
        return new ImageShape(Along(input.Height), Along(input.Width), filters);
    }

    private int Along(int size) => (size + 2 * Padding - Kernel) / Stride + 1;
}
