using Engine.Networks;
using Engine.Tests.Support;
using Engine.Training;

namespace Engine.Tests.Training;

public sealed class AllocationTests
{
    [Theory]
    [InlineData("adam", 0)]
    [InlineData("sgd", 1)]
    public void An_epoch_allocates_the_same_few_bytes_however_many_batches_it_has(string optimizer, double clip)
    {
        // Tests of other classes run beside this one, so only this thread's allocations count.
        var few = Allocated(optimizer, clip, batchSize: 100);
        var many = Allocated(optimizer, clip, batchSize: 2);

        Assert.Equal(few, many);
        Assert.InRange(few, 0, 2000);
    }

    private static long Allocated(string optimizer, double clip, int batchSize)
    {
        var options = new TrainingOptions
        {
            HiddenSizes = [20, 20], Activations = ["gelu"], Dropout = 0.2, Optimizer = optimizer, ClipNorm = clip, BatchSize = batchSize,
        };
        using var trainer = new Trainer(Blobs.Make(), options, 1);
        return Allocations.PerEpoch(trainer);
    }
}
