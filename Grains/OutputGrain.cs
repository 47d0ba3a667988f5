using Grains.Contracts;
using Orleans;
using Sweeps.Log;

namespace Grains;

/// <summary>Reads the output of a run's program from the store.</summary>
public sealed class OutputGrain(IRunOutputs outputs) : Grain, IOutputGrain
{
    /// <inheritdoc/>
    public async Task<OutputMessage> Read(int run, long from, CancellationToken cancel)
    {
        var piece = await outputs.ReadAsync(GrainKeys.Sweep(this.GetPrimaryKeyString()), run, from, cancel);
        return new OutputMessage(piece.Position, piece.Bytes);
    }
}
