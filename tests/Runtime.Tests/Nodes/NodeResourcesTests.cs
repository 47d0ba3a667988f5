using Sweeps.Nodes;
using Sweeps.Programs;

namespace Runtime.Tests.Nodes;

public class NodeResourcesTests
{
    [Fact]
    public void Shares_of_GPUs_are_packed_and_whole_ones_wait_for_a_free_device()
    {
        var node = new NodeResources(8, 16_000_000_000, [new Gpu("GPU-a", "x"), new Gpu("GPU-b", "x")]);
        var half = new ResourceRequest(Gpus: 0.5);

        var (first, second) = (node.TryTake(half)!, node.TryTake(half)!);
        Assert.Equal(["GPU-a", "GPU-a"], first.Devices.Concat(second.Devices));
        var whole = node.TryTake(new ResourceRequest(Gpus: 1))!;
        Assert.Equal(["GPU-b"], whole.Devices);
        Assert.Null(node.TryTake(half));
        Assert.Equal("8 cores, 16 GB, 2 GPUs (0 free)", node.ToString());
        first.Dispose();
        second.Dispose();
        second.Dispose();
        whole.Dispose();
        Assert.Equal(["GPU-a", "GPU-b"], node.TryTake(new ResourceRequest(Gpus: 2))!.Devices);
    }

    [Fact]
    public void Cores_and_memory_are_dealt_and_what_never_fits_is_said()
    {
        var node = new NodeResources(4, 8_000_000_000, []);

        var taken = node.TryTake(new ResourceRequest(Cpus: 3, Memory: 5_000_000_000));
        Assert.NotNull(taken);
        Assert.Null(node.TryTake(new ResourceRequest(Cpus: 2)));
        Assert.Null(node.TryTake(new ResourceRequest(Memory: 4_000_000_000)));
        Assert.NotNull(node.TryTake(new ResourceRequest(Cpus: 1)));
        Assert.Equal("it has 0 GPUs, a run needs 1", node.Lack(new ResourceRequest(Gpus: 1)));
        Assert.Equal("it has 4 cores, a run needs 6", node.Lack(new ResourceRequest(Cpus: 6)));
        Assert.Null(node.Lack(new ResourceRequest(4, 0, 8_000_000_000)));
    }
}
