using Engine.Data;
using Microsoft.Extensions.Logging.Abstractions;
using Sweeps.Files;
using Sweeps.Nodes;
using Tests.Shared;

namespace Runtime.Tests.Nodes;

/// <summary>A data set that a node does not have.</summary>
public sealed class NodeTrainablesTests : IDisposable
{
    private readonly TemporaryFolder cache = new();

    public void Dispose() => cache.Dispose();

    [DataFact]
    public void What_is_lacking_is_named_with_what_to_do_and_found_when_it_is_pushed()
    {
        var pushed = false;
        var nodes = Make((name, folder) =>
        {
            if (!Volatile.Read(ref pushed))
                return false;
            Directory.CreateDirectory(folder);
            foreach (var file in Directory.EnumerateFiles(Path.Combine(RealData.Folder, name)))
                File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
            return true;
        });
        var spec = Spec("mnist");

        string? obstacle = null;
        Assert.True(SpinWait.SpinUntil(
            () => !nodes.TryGet(spec, out _, out obstacle) && obstacle.Contains("./sweep data push mnist", StringComparison.Ordinal), TimeSpan.FromSeconds(30)),
            obstacle);
        Volatile.Write(ref pushed, true);
        Assert.True(SpinWait.SpinUntil(() => nodes.TryGet(spec, out _, out obstacle), TimeSpan.FromSeconds(60)), obstacle);
    }

    [Fact]
    public void A_file_that_is_not_there_is_named_without_the_advice_to_push_it()
    {
        var nodes = Make((_, _) => false);
        string? obstacle = null;

        Assert.True(SpinWait.SpinUntil(
            () => !nodes.TryGet(Spec("csv:/nowhere/points.csv"), out _, out obstacle) && obstacle.Contains("cannot be used", StringComparison.Ordinal),
            TimeSpan.FromSeconds(30)), obstacle);
        Assert.DoesNotContain("push", obstacle, StringComparison.Ordinal);
    }

    private NodeTrainables Make(Func<string, string, bool> fetch) => new(
        new DataOptions { CacheFolder = cache.Path, Download = false }, (name, folder, _) => Task.FromResult(fetch(name, folder)), () => { },
        TimeProvider.System, NullLogger.Instance);

    private static Sweeps.Core.SweepSpec Spec(string dataset) => SweepFile.Parse($$"""
        dataset: {{dataset}}
        method: random
        run_cap: 1
        epochs: 1
        metric: {name: val_loss, goal: minimize}
        parameters:
          learning_rate: {min: 0.01, max: 0.1}
        """, "test.yaml").Spec;
}
