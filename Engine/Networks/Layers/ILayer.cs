using Engine.Data;
using Engine.Numerics;

namespace Engine.Networks;

/// <summary>
/// One step of a network. A layer owns its output buffer and its input-gradient buffer, allocated once for the largest batch, and
/// allocates nothing afterwards.
/// </summary>
/// <remarks>
/// To add a layer, implement this interface and put it into the list that the network is built from. Weights are
/// <see cref="Parameter"/>s: matrices (fan-in × outputs) in panels, so that <c>MatrixProduct</c> does the arithmetic. In
/// <see cref="Backward"/> the layer first computes its input gradient, from the weights of the forward pass, and only then hands the
/// gradient of each parameter to the sink, in chunks and each value once: the sink may change the weights at that moment.
/// <para>
/// The workers of a batch all call both methods and compute their shares. On entry only a worker's own share of the argument is sure to be complete:
/// a layer that reads more first calls <see cref="Worker.Wait"/>, and again before it reads what others have written meanwhile.
/// </para>
/// </remarks>
public interface ILayer : IDisposable
{
    /// <summary>The shape of one example after this layer.</summary>
    ImageShape Output { get; }

    /// <summary>What is trained here; empty for activations, pooling and dropout.</summary>
    IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>
    /// Computes the outputs of a batch. The result stays valid until the next call; the input must stay unchanged until
    /// <see cref="Backward"/>, except that an activation works in place on its predecessor's output.
    /// </summary>
    Rows Forward(Rows input, in Pass pass);

    /// <summary>
    /// Takes the gradient of the loss by the outputs of the last training pass, which it may overwrite, hands out the gradients of the
    /// parameters, and returns the gradient by its inputs, or an empty batch when that is not wanted (the first layer's never is).
    /// </summary>
    Rows Backward(Rows gradient, bool needInputGradient, GradientSink sink, Worker worker);
}

/// <summary>What a forward pass is for.</summary>
/// <param name="Training">True while training: dropout drops, and a backward pass follows. False when evaluating.</param>
/// <param name="Seed">The run's seed.</param>
/// <param name="Step">A number of its own for every training pass of the run.</param>
public readonly record struct Pass(bool Training, ulong Seed, ulong Step)
{
    private readonly Worker? worker;

    /// <summary>A pass that only evaluates.</summary>
    public static Pass Evaluation => default;

    /// <summary>Who computes a share of it; a worker that computes everything unless said otherwise.</summary>
    public Worker Worker
    {
        get => worker ?? Worker.Alone;
        init => worker = value;
    }
}
