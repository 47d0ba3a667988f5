using Sweeps.Log;
using Sweeps.Log.Folder;
using Tests.Shared;

namespace Runtime.Tests.Log;

public sealed class SharedCheckpointsTests : IDisposable
{
    private const string Sweep = "shared-abcde";
    private readonly TemporaryFolder folder = new();
    private readonly SharedCheckpoints store;

    public SharedCheckpointsTests() => store = new SharedCheckpoints(new FolderCheckpoints(new SweepHome(Path.Combine(folder.Path, "home"))), Shared);

    private string Shared => Path.Combine(folder.Path, "shared");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_large_checkpoint_is_loaded_as_it_was_saved()
    {
        await SaveAsync(3);

        var loaded = await store.LoadAsync(Sweep, 1, default);

        Assert.Equal((3, 1), (loaded!.Epoch, loaded.Generation));
        Assert.Equal(Content(3), loaded.Data.ToArray());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_one_before_is_loaded_when_the_newest_is_missing_or_damaged(bool isMissing)
    {
        await SaveAsync(3);
        await SaveAsync(6);
        var newest = Directory.EnumerateFiles(Shared, "e000006-*", SearchOption.AllDirectories).Single();
        if (isMissing)
            File.Delete(newest);
        else
            File.WriteAllBytes(newest, Content(6)[..^1]);

        var loaded = await store.LoadAsync(Sweep, 1, default);

        Assert.Equal(3, loaded!.Epoch);
        Assert.Equal(Content(3), loaded.Data.ToArray());
    }

    [Fact]
    public async Task A_file_that_the_inner_store_did_not_accept_is_not_loaded()
    {
        await SaveAsync(3);
        var accepted = Directory.EnumerateFiles(Shared, "e000003-*", SearchOption.AllDirectories).Single();
        File.Copy(accepted, Path.Combine(Path.GetDirectoryName(accepted)!, Path.GetFileName(accepted).Replace("e000003", "e000009", StringComparison.Ordinal)));
        File.Delete(accepted);

        Assert.Null(await store.LoadAsync(Sweep, 1, default));
    }

    private Task<bool> SaveAsync(int epoch) => store.SaveAsync(Sweep, new StoredCheckpoint(1, epoch, 1, Content(epoch)), default);

    private static byte[] Content(int epoch)
    {
        var content = new byte[SharedCheckpoints.Large + 1];
        content.AsSpan().Fill((byte)epoch);
        return content;
    }
}
