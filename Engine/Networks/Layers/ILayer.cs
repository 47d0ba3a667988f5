using Engine.Data;
using Engine.Numerics;

namespace Engine.Networks;

/// <summary>
/// A layer of a network. It owns its output buffer and its input-gradient buffer, sized for the largest batch, and allocates nothing per
/// batch.
/// </summary>
/// <remarks>
/// To add a layer, implement this interface and append the layer in <see cref="Network.Build"/>. Weights are <see cref="Parameter"/>s:
/// matrices (fan-in × outputs) in panels, as <c>MatrixProduct</c> expects. <see cref="Backward"/> must compute the input gradient before it
/// passes the gradients of the parameters to the sink, in pieces and each value once, because the sink may change the weights immediately.
/// <para>
/// All workers of a batch call both methods and compute their shares. On entry only the worker's own share of the argument is complete: a
/// layer that reads other shares must call <see cref="Worker.Wait"/> first, and again before it reads values that other workers have
/// written since.
/// </para>
/// </remarks>
public interface ILayer : IDisposable
{
    /// <summary>The shape of one example after this layer.</summary>
    ImageShape Output { get; }

    /// <summary>The trained parameters; empty for activations, pooling and dropout. The first is the weight matrix.</summary>
    IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>
    /// Computes the outputs of a batch. The result stays valid until the next call; the input must stay unchanged until
    /// <see cref="Backward"/>, except that an activation works in place on its predecessor's output.
    /// </summary>
    Rows Forward(Rows input, in Pass pass);

    /// <summary>
    /// Takes the gradient of the loss by the outputs of the last training pass, which it may overwrite, passes the gradients of the
    /// parameters to the sink, and returns the gradient by its inputs. Returns an empty batch when <paramref name="needInputGradient"/> is
    /// false, as for the first layer.
    /// </summary>
    Rows Backward(Rows gradient, bool needInputGradient, GradientSink sink, Worker worker);
}

/// <summary>The settings of a forward pass.</summary>
/// <param name="Training">True in training: dropout is active and a backward pass follows. False in evaluation.</param>
/// <param name="Seed">The run's seed.</param>
/// <param name="Step">A number that is unique for every training pass of the run.</param>
public readonly record struct Pass(bool Training, ulong Seed, ulong Step)
{
    private readonly Worker? worker;

    /// <summary>An evaluation pass.</summary>
    public static Pass Evaluation => default;

    /// <summary>The worker that computes its share; <see cref="Worker.Alone"/>, which computes everything, by default.</summary>
    public Worker Worker
    {
        get => worker ?? Worker.Alone;
        init => worker = value;
    }
}
