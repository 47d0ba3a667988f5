using Engine.Data;
using Engine.Numerics;

namespace Engine.Networks;

/// <summary>z = x·W + b: (batch × inputs) · (inputs × outputs) + (outputs).</summary>
public sealed unsafe class DenseLayer : ILayer
{
    private readonly Parameter weight, bias;
    private readonly RowsBuffer output;
    private readonly Panels transposedLayout;
    private readonly Lazy<RowsBuffer> inputGradient;
    private readonly Lazy<NativeBuffer> transposed;
    private Rows input;

    /// <summary>A layer whose weights are all 0, for batches up to <paramref name="capacity"/>.</summary>
    public DenseLayer(string name, int inputs, int outputs, int capacity)
    {
        weight = new Parameter($"{name}.weight", [inputs, outputs], isBias: false);
        bias = new Parameter($"{name}.bias", [outputs], isBias: true);
        output = new RowsBuffer(capacity, outputs);
        transposedLayout = new Panels(outputs, inputs);
        inputGradient = new(() => new RowsBuffer(capacity, inputs));
        transposed = new(() => new NativeBuffer(transposedLayout.Length));
        (weight.Pieces, bias.Pieces) = (ParameterGradient.Pieces(weight), ParameterGradient.Pieces(bias));
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
        var z = output.Take(input.Count, weight.Layout);
        pass.Worker.Wait();
        MatrixProduct.Forward(input, weight.Layout, weight.Values.Pointer, bias.Values.Pointer, z, pass.Worker);
        return z;
    }

    /// <inheritdoc/>
    public Rows Backward(Rows gradient, bool needInputGradient, GradientSink sink, Worker worker)
    {
        worker.Wait();
        var result = needInputGradient ? InputGradient(gradient, worker) : default;
        ParameterGradient.Dense(input, gradient, weight, bias, sink, worker);
        return result;
    }

    private Rows InputGradient(Rows gradient, Worker worker)
    {
        var weightsTransposed = transposed.Value.Pointer;
        Transpose.Run(weight.Layout, weight.Values.Pointer, transposedLayout, weightsTransposed, worker);
        // All workers must have read the weights before the first optimizer step changes one.
        worker.Wait();
        var dx = inputGradient.Value.Take(gradient.Count, transposedLayout);
        MatrixProduct.Forward(gradient, transposedLayout, weightsTransposed, null, dx, worker);
        return dx;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        weight.Dispose();
        bias.Dispose();
        output.Dispose();
        if (inputGradient.IsValueCreated)
            inputGradient.Value.Dispose();
        if (transposed.IsValueCreated)
            transposed.Value.Dispose();
    }
}
