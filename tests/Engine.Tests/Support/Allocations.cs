using Engine.Training;

namespace Engine.Tests.Support;

internal static class Allocations
{
    private const int Epochs = 6;

    /// <summary>
    /// Bytes that an epoch allocates on this thread. The least of several: what the trainer allocates it allocates in every epoch, while the
    /// runtime, when it recompiles a method that has become hot, does so once and at a moment that depends on the machine's load.
    /// </summary>
    public static long PerEpoch(Trainer trainer)
    {
        trainer.TrainEpoch(default);
        return Enumerable.Range(0, Epochs).Min(_ =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            trainer.TrainEpoch(default);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        });
    }
}
