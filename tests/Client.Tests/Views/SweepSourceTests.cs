using Client.Output;
using Client.Sources;
using Sweeps.Log.Folder;
using Tests.Shared;

namespace Client.Tests.Views;

public sealed class SweepSourceTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private CommandContext Context => new(Terminal.OfProcess(json: false), new SweepHome(folder.Path), TimeProvider.System, "ann");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_log_without_a_whole_event_is_damaged_for_every_command()
    {
        Directory.CreateDirectory(folder["torn-abcde"]);
        await File.WriteAllTextAsync(folder["torn-abcde/events.jsonl"], "{\"seq\":1,\"at\":\"2026");
        await using var source = Context.OpenSource();

        var read = await Assert.ThrowsAsync<InvalidDataException>(() => source.FoldAsync("torn-abcde", CancellationToken.None));
        var listed = await Assert.ThrowsAsync<InvalidDataException>(() => source.LogAsync("torn-abcde", CancellationToken.None));
        var reported = await Assert.ThrowsAsync<InvalidDataException>(() => Sweeps.Page.SweepReport.BuildAsync(new PageSource(source, "ann"), ["torn-abcde"], CancellationToken.None));

        Assert.All([read, listed, reported], problem => Assert.Contains("torn-abcde", problem.Message, StringComparison.Ordinal));
        Assert.All([read, listed, reported], problem => Assert.EndsWith("has no whole event.", problem.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_empty_name_does_not_mean_the_only_sweep()
    {
        Directory.CreateDirectory(folder["only-abcde"]);
        await File.WriteAllTextAsync(folder["only-abcde/events.jsonl"], "x\n");
        await using var source = Context.OpenSource();

        Assert.Equal("only-abcde", await source.ResolveAsync("on", CancellationToken.None));
        await Assert.ThrowsAsync<UsageException>(() => source.ResolveAsync("", CancellationToken.None));
    }

    [Fact]
    public void An_empty_store_is_refused_and_not_replaced_by_the_folder() =>
        Assert.Contains("Which store?", Assert.Throws<UsageException>(() => (Context with { Store = "" }).OpenSource()).Message, StringComparison.Ordinal);
}
