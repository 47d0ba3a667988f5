using System.Collections.Concurrent;
using Orleans;

namespace Grains.Tests;

/// <summary>Counts calls of grains. A test can delay or fail them.</summary>
internal sealed class GrainCalls : IIncomingGrainCallFilter
{
    private readonly ConcurrentDictionary<string, int> counts = new();
    private readonly ConcurrentDictionary<string, Func<int, Task>> before = new(), after = new();

    /// <summary>
    /// The number of calls of a method; <paramref name="method"/> such as <c>ISweepDirectoryGrain.Find</c> or
    /// <c>ISweepCoordinatorGrain.Send Steer</c>.
    /// </summary>
    public int Count(string method) => counts.GetValueOrDefault(method);

    /// <summary>Runs <paramref name="work"/> before each call of a method, with the call's number from 1.</summary>
    public void Before(string method, Func<int, Task> work) => before[method] = work;

    /// <summary>Runs <paramref name="work"/> after each call of a method, before its answer is sent.</summary>
    public void After(string method, Func<int, Task> work) => after[method] = work;

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        var method = $"{context.InterfaceMethod.DeclaringType!.Name}.{context.InterfaceMethod.Name}";
        if (context.InterfaceMethod.IsGenericMethod)
            method += " " + context.Request.GetArgument(0)!.GetType().Name;
        var number = counts.AddOrUpdate(method, 1, (_, count) => count + 1);
        if (before.TryGetValue(method, out var work))
            await work(number);
        await context.Invoke();
        if (after.TryGetValue(method, out work))
            await work(number);
    }
}
