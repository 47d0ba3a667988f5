using Engine.Numerics;

namespace Engine.Networks;

/// <summary>A named matrix of trained values: the weights (fan-in × outputs) or the biases (1 × outputs) of a layer.</summary>
public sealed class Parameter : IDisposable
{
    /// <summary>Weights or biases of the given logical shape, all zero.</summary>
    /// <param name="name">For export and messages: <c>dense1.weight</c>.</param>
    /// <param name="shape">The logical shape; its last size is the number of outputs, the product of the others the number of rows.</param>
    /// <param name="isBias">Whether this is a bias, which is exempt from weight decay.</param>
    public Parameter(string name, int[] shape, bool isBias)
    {
        Name = name;
        Shape = shape;
        IsBias = isBias;
        Layout = new Panels(isBias ? 1 : shape[..^1].Aggregate(1, (a, b) => a * b), shape[^1]);
        Values = new NativeBuffer(Layout.Length);
    }

    /// <summary>The name, unique in its network.</summary>
    public string Name { get; }

    /// <summary>The logical shape; (outputs) for biases.</summary>
    public int[] Shape { get; }

    /// <summary>Whether this is a bias.</summary>
    public bool IsBias { get; }

    /// <summary>The number of inputs of each output.</summary>
    public int FanIn => Layout.Rows;

    /// <summary>
    /// The number of outputs of each input; for a convolution (height, width, channels, filters) the filters times the kernel's area.
    /// </summary>
    public int FanOut => Layout.Columns * (Shape.Length == 4 ? Shape[0] * Shape[1] : 1);

    /// <summary>The memory layout of the values.</summary>
    public Panels Layout { get; }

    /// <summary>The values, in panels.</summary>
    public NativeBuffer Values { get; }

    /// <summary>The position among the network's parameters.</summary>
    internal int Index { get; set; }

    /// <summary>The largest number of pieces in which its gradient is passed to a sink.</summary>
    internal int Pieces { get; set; } = 1;

    /// <summary>The number of values, without padding.</summary>
    public int Count => checked(Layout.Rows * Layout.Columns);

    /// <summary>The values row by row, without padding.</summary>
    public float[] Export()
    {
        var matrix = new float[Count];
        Layout.Unpack(Values.Span, matrix);
        // The span is a raw pointer. Without this call the finalizer could free the values of an unreachable parameter during the copy.
        GC.KeepAlive(this);
        return matrix;
    }

    /// <summary>Replaces the values by <paramref name="matrix"/>, row by row without padding.</summary>
    public void Import(ReadOnlySpan<float> matrix)
    {
        if (matrix.Length != Count)
            throw new ArgumentException(
                $"'{Name}' has shape ({string.Join(" × ", Shape)}), {Count} values, but {matrix.Length} were given.", nameof(matrix));
        Layout.Pack(matrix, Values.Span);
        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    public void Dispose() => Values.Dispose();
}
