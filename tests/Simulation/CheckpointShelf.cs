namespace Simulation;

/// <summary>The checkpoints of all runs. Only the newest generation that claimed a run may write.</summary>
internal sealed class CheckpointShelf
{
    private readonly Dictionary<int, int> fences = [];
    private readonly Dictionary<int, int> epochs = [];

    public bool Claim(int run, int generation)
    {
        if (fences.TryGetValue(run, out var owner) && owner > generation)
            return false;
        fences[run] = generation;
        return true;
    }

    public bool Save(int run, int generation, int epoch)
    {
        if (fences[run] != generation)
            return false;
        epochs[run] = Math.Max(epoch, Epoch(run));
        return true;
    }

    /// <summary>The epoch of the newest checkpoint, 0 when there is none.</summary>
    public int Epoch(int run) => epochs.GetValueOrDefault(run);
}
