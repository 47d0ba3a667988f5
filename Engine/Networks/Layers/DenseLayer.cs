using Engine.Data;
using Engine.Numerics;

namespace Engine.Networks;

/// <summary>z = x·W + b: (batch × inputs) · (inputs × outputs) + (outputs).</summary>
public sealed unsafe class DenseLayer : ILayer
{
    private readonly Parameter weight, bias;
    private readonly RowsBuffer output;
    private readonly Panels transposedLayout;
    private readonly ParameterGradient gradients;
    private RowsBuffer? inputGradient;
    private NativeBuffer? transposed;
    private Rows input;

    /// <summary>A layer whose weights are all 0, for batches up to <paramref name="capacity"/>.</summary>
    public DenseLayer(string name, int inputs, int outputs, int capacity)
    {
        weight = new Parameter($"{name}.weight", [inputs, outputs], isBias: false);
        bias = new Parameter($"{name}.bias", [outputs], isBias: true);
        output = new RowsBuffer(capacity, outputs);
        transposedLayout = new Panels(outputs, inputs);
        gradients = new ParameterGradient();
        Parameters = [weight, bias];
    }

    /// <inheritdoc/>
    public ImageShape Output => ImageShape.Vector(output.Width);

    /// <inheritdoc/>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <inheritdoc/>
    public Rows Forward(Rows input, in Pass pass)
    {
        this.input = input;
        var z = output.Take(input.Count);
        MatrixProduct.Forward(input, weight.Layout, weight.Values.Pointer, bias.Values.Pointer, z);
        return z;
    }

    /// <inheritdoc/>
    public Rows Backward(Rows gradient, bool needInputGradient, GradientSink sink)
    {
        var result = needInputGradient ? InputGradient(gradient) : default;
        gradients.Dense(input, gradient, weight, bias, sink);
        return result;
    }

    private Rows InputGradient(Rows gradient)
    {
        inputGradient ??= new RowsBuffer(output.Capacity, weight.FanIn);
        transposed ??= new NativeBuffer(transposedLayout.Length);
        Transpose.Run(weight.Layout, weight.Values.Pointer, transposedLayout, transposed.Pointer);
        var dx = inputGradient.Take(gradient.Count);
        MatrixProduct.Forward(gradient, transposedLayout, transposed.Pointer, null, dx);
        return dx;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        weight.Dispose();
        bias.Dispose();
        output.Dispose();
        inputGradient?.Dispose();
        transposed?.Dispose();
        gradients.Dispose();
    }
}
