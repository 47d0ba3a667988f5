using Grains.Contracts;
using Orleans;
using Sweeps.Log;

namespace Grains;

/// <summary>Reads the files that the program of a run wrote to <c>SWEEP_OUT</c>, from the store or from the folder that the silos share.</summary>
public sealed class ArtifactGrain(IRunArtifacts artifacts) : Grain, IArtifactGrain
{
    private string Sweep => GrainKeys.Sweep(this.GetPrimaryKeyString());

    /// <inheritdoc/>
    public async Task<ArtifactMessage[]> List(int run, CancellationToken cancel) =>
        [.. (await artifacts.ListAsync(Sweep, run, cancel)).Select(file => new ArtifactMessage(file.Path, file.Bytes))];

    /// <inheritdoc/>
    public Task<byte[]> Read(int run, string path, long from, CancellationToken cancel) => artifacts.ReadAsync(Sweep, run, path, from, cancel);
}
