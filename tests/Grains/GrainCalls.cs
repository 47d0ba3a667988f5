using System.Collections.Concurrent;
using Orleans;

namespace Grains.Tests;

/// <summary>Counts what grains are asked, and holds or fails it where a test wants.</summary>
internal sealed class GrainCalls : IIncomingGrainCallFilter
{
    private readonly ConcurrentDictionary<string, int> counts = new();
    private readonly ConcurrentDictionary<string, Func<int, Task>> before = new(), after = new();

    /// <summary>
    /// How often a method was called; <paramref name="method"/> such as <c>ISweepDirectoryGrain.Find</c> or <c>ISweepCoordinatorGrain.Send Steer</c>.
    /// </summary>
    public int Count(string method) => counts.GetValueOrDefault(method);

    /// <summary>Runs something before each call of a method; it is given the call's number, from 1.</summary>
    public void Before(string method, Func<int, Task> work) => before[method] = work;

    /// <summary>Runs something after each call of a method, before its answer is sent.</summary>
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
