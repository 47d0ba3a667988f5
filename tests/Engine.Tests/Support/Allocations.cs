using Engine.Training;

namespace Engine.Tests.Support;

internal static class Allocations
{
    private const int Epochs = 6;

    /// <summary>
    /// The bytes that an epoch allocates on this thread, as the minimum over several epochs. The trainer would allocate in every epoch, but
    /// the runtime allocates once when it recompiles a hot method, at a time that depends on the load.
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
