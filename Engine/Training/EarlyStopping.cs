using Engine.Layers;
using Engine.Memory;

namespace Engine.Training;

/// <summary>Ends training after too many epochs in a row without a lower validation loss, and keeps the weights of the best.</summary>
internal sealed class EarlyStopping : IDisposable
{
    private readonly IReadOnlyList<Parameter> parameters;
    private readonly NativeBuffer[] best;
    private readonly int patience;

    public EarlyStopping(TrainingOptions options, IReadOnlyList<Parameter> parameters)
    {
        patience = options.Patience;
        this.parameters = parameters;
        best = patience > 0 && options.RestoreBest ? [.. parameters.Select(p => new NativeBuffer(p.Layout.Length))] : [];
    }

    /// <summary>The lowest validation loss so far, and the epochs since.</summary>
    public (double Loss, int Waited, bool Stopped) State { get; set; } = (double.PositiveInfinity, 0, false);

    public bool Stopped => State.Stopped;

    /// <summary>The best weights, in panels; empty when they are not kept.</summary>
    public IReadOnlyList<NativeBuffer> Best => best;

    public void EpochEnded(double? validationLoss)
    {
        if (patience == 0 || validationLoss is not { } loss)
            return;
        if (loss < State.Loss)
        {
            State = (loss, 0, false);
            for (var i = 0; i < best.Length; i++)
                parameters[i].Values.Span.CopyTo(best[i].Span);
            return;
        }
        State = State with { Waited = State.Waited + 1, Stopped = State.Waited + 1 >= patience };
        if (Stopped)
            for (var i = 0; i < best.Length; i++)
                best[i].Span.CopyTo(parameters[i].Values.Span);
    }

    public void Dispose()
    {
        foreach (var buffer in best)
            buffer.Dispose();
    }
}
