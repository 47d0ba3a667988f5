using Engine.Numerics;
using Sweeps.Core;
using Sweeps.Nodes;

namespace Runtime.Tests.Nodes;

public class SlotTests
{
    [Fact]
    public async Task A_slot_runs_on_one_background_thread_of_its_own_below_normal_priority()
    {
        using var pool = new SlotPool(1);
        var threads = new HashSet<int>();
        for (var i = 0; i < 3; i++)
        {
            Assert.True(pool.TryReserve(out var permit));
            using (permit)
            {
                var thread = await permit.RunAsync(() => Thread.CurrentThread);
                threads.Add(thread.ManagedThreadId);
                Assert.False(thread.IsThreadPoolThread);
                Assert.True(thread.IsBackground);
                Assert.Equal(ThreadPriority.BelowNormal, thread.Priority);
                Assert.NotEqual(thread.ManagedThreadId, Environment.CurrentManagedThreadId);
            }
        }
        Assert.Single(threads);
    }

    [Fact]
    public async Task There_are_as_many_permits_as_slots_and_a_released_one_can_be_reserved_again()
    {
        using var pool = new SlotPool(2);
        var freed = 0;
        pool.Freed += () => freed++;

        Assert.True(pool.TryReserve(out var first));
        Assert.True(pool.TryReserve(out var second));
        Assert.False(pool.TryReserve(out _));
        Assert.NotEqual(first.Number, second.Number);

        first.Dispose();
        first.Dispose();
        Assert.Equal((1, 1), (pool.Free, freed));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => first.RunAsync(() => 0));
        Assert.True(pool.TryReserve(out _));
    }

    [Fact]
    public async Task What_the_work_throws_comes_out_and_the_slot_goes_on()
    {
        using var pool = new SlotPool(1);
        Assert.True(pool.TryReserve(out var permit));

        await Assert.ThrowsAsync<IOException>(() => permit.RunAsync<int>(() => throw new IOException("broken")));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => permit.RunAsync<int>(() => throw new OperationCanceledException()));

        Assert.Equal(7, await permit.RunAsync(() => 7));
    }

    [Fact]
    public async Task An_idle_slot_helps_a_run_that_shares_its_batches_until_it_is_given_work()
    {
        using var pool = new SlotPool(2, patience: TimeSpan.Zero, processors: 2);
        Assert.True(pool.TryReserve(out var first));
        await first.RunAsync(() => 0);
        var team = new Team(8);

        first.Share(team);
        await UntilAsync(() => team.Helpers == 1);
        Assert.Equal(1, pool.Free);
        Assert.True(pool.TryReserve(out var second));
        // A request that gets no work does not occupy a slot.
        second.Dispose();
        Assert.Equal(1, team.Helpers);
        Assert.True(pool.TryReserve(out second));
        Assert.Equal(5, await second.RunAsync(() => 5));
        Assert.Equal(0, team.Helpers);
        second.Dispose();
        await UntilAsync(() => team.Helpers == 1);

        first.Dispose();
        team.Close();
        await UntilAsync(() => team.Helpers == 0);
    }

    [Fact]
    public async Task Idle_slots_spread_over_the_runs_and_never_compute_on_more_processors_than_there_are()
    {
        using var pool = new SlotPool(8, patience: TimeSpan.Zero, processors: 6);
        var permits = new List<SlotPermit>();
        var teams = new List<Team>();
        foreach (var helpers in (int[][])[[5], [2, 2], [1, 1, 1]])
        {
            Assert.True(pool.TryReserve(out var permit));
            permits.Add(permit);
            teams.Add(new Team(8));
            await permit.RunAsync(() => 0);
            permit.Share(teams[^1]);

            await UntilAsync(() => teams.Select(team => team.Helpers).SequenceEqual(helpers));
        }
        permits.ForEach(permit => permit.Dispose());
        teams.ForEach(team => team.Close());
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
            await Task.Yield();
    }

    [Fact]
    public void Slots_go_to_the_higher_priority_first_and_never_above_a_cap()
    {
        var low = new SlotUsage(new SlotShare(Priority: 0), 0);
        var high = new SlotUsage(new SlotShare(Priority: 1, MaxSlots: 2), 0);

        Assert.Equal([3, 2], StrideScheduler.Allocate([low, high], 5));
        Assert.Equal([0, 1], StrideScheduler.Allocate([low, high], 1));
        Assert.Equal([0, 0], StrideScheduler.Allocate([low, high], 0));
    }

    [Fact]
    public void Slot_time_is_shared_by_weight_whatever_the_number_of_slots()
    {
        foreach (var slots in (int[])[1, 2, 7])
        {
            var heavy = new SlotUsage(new SlotShare(Weight: 3), 0);
            var light = new SlotUsage(new SlotShare(Weight: 1), 0);
            double heavyTime = 0, lightTime = 0;
            for (var round = 0; round < 1000; round++)
            {
                (heavy.Slots, light.Slots) = (0, 0);
                var offers = StrideScheduler.Allocate([heavy, light], slots);
                (heavy.Slots, light.Slots) = (offers[0], offers[1]);
                heavy.Elapse(TimeSpan.FromSeconds(1));
                light.Elapse(TimeSpan.FromSeconds(1));
                (heavyTime, lightTime) = (heavyTime + offers[0], lightTime + offers[1]);
            }
            Assert.InRange(heavyTime / lightTime, 2.9, 3.1);
        }
    }
}
