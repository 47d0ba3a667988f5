using Engine.Data;
using Engine.Numerics;

namespace Engine.Networks;

/// <summary>z = x·W + b: (batch × inputs) · (inputs × outputs) + (outputs).</summary>
public sealed unsafe class DenseLayer : ILayer
{
    /// <summary>
    /// The largest number of weights of a layer that workers divide by examples: reading the weights that other workers have changed must
    /// not take longer than the barriers and activations that this division saves.
    /// </summary>
    private const int MaxWeightsByExamples = 32 * 1024;

    private readonly Parameter weight, bias;
    private readonly bool byExamples;
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
        byExamples = weight.Layout.Length <= MaxWeightsByExamples;
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
        var z = output.Take(input.Count, byExamples ? null : weight.Layout);
        if (!byExamples || input.Columns is not null)
            pass.Worker.Wait();
        MatrixProduct.Forward(input, weight.Layout, weight.Values.Pointer, bias.Values.Pointer, z, pass.Worker);
        return z;
    }

    /// <inheritdoc/>
    public Rows Backward(Rows gradient, bool needInputGradient, GradientSink sink, Worker worker)
    {
        if (!byExamples || !needInputGradient || gradient.Columns is not null)
            worker.Wait();
        var result = !needInputGradient ? default : byExamples ? InputGradientOfExamples(gradient, worker) : InputGradient(gradient, worker);
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

    /// <summary>Every worker transposes all weights for itself: they are few, and sharing the work would need one more barrier.</summary>
    private Rows InputGradientOfExamples(Rows gradient, Worker worker)
    {
        var weightsTransposed = ThreadMemory.Floats(transposedLayout.Length);
        if (transposedLayout.Columns < transposedLayout.Stride)
            new Span<float>(weightsTransposed, (int)transposedLayout.Length).Clear();
        Transpose.Run(weight.Layout, weight.Values.Pointer, transposedLayout, weightsTransposed, Worker.Alone);
        var dx = inputGradient.Value.Take(gradient.Count);
        MatrixProduct.Forward(gradient, transposedLayout, weightsTransposed, null, dx, worker);
        // The gradients of all examples are complete, and no worker reads the weights any more.
        worker.Wait();
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
