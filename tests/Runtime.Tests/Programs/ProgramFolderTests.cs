using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Sweeps.Log;
using Sweeps.Programs;
using Tests.Shared;

namespace Runtime.Tests.Programs;

/// <summary>The folders that a program writes, with links and special files in them.</summary>
public sealed class ProgramFolderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly KeptArtifacts store = new();

    [Fact]
    public void Links_of_a_checkpoint_are_kept_as_links()
    {
        if (OperatingSystem.IsWindows())
            return;
        Directory.CreateDirectory(folder["secret"]);
        File.WriteAllText(folder["secret/key"], "s3cret");
        var checkpoint = Checkpoint("first");
        File.WriteAllText(folder["first/state"], "whole");
        Directory.CreateDirectory(folder["first/models/empty"]);
        Directory.CreateSymbolicLink(folder["first/up"], "..");
        Directory.CreateSymbolicLink(folder["first/data"], folder["secret"]);
        Directory.CreateSymbolicLink(folder["first/root"], "/");
        File.CreateSymbolicLink(folder["first/loop"], "loop");
        File.CreateSymbolicLink(folder["first/models/last"], "../state");

        checkpoint.Mark(3);
        checkpoint.Copy();

        Assert.Equal((3, null, null), (checkpoint.Epoch, checkpoint.Refusal, checkpoint.Lack));
        using var saved = new MemoryStream();
        checkpoint.Save(saved);
        Assert.DoesNotContain("s3cret", Encoding.UTF8.GetString(saved.ToArray()), StringComparison.Ordinal);
        saved.Position = 0;
        Checkpoint("second").Load(3, saved);
        Assert.Equal("whole", File.ReadAllText(folder["second/models/last"]));
        Assert.Equal(("..", folder["secret"], "/"), (Target("up"), Target("data"), Target("root")));
        Assert.Equal("loop", Target("loop"));
        Assert.True(Directory.Exists(folder["second/models/empty"]));

        string? Target(string name) => new FileInfo(folder[$"second/{name}"]).LinkTarget;
    }

    [Fact]
    public void A_checkpoint_is_kept_without_sockets_and_named_pipes_and_says_so()
    {
        if (OperatingSystem.IsWindows())
            return;
        var checkpoint = Checkpoint("first");
        File.WriteAllText(folder["first/state"], "");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(folder["first/socket"]));
        MakePipe(folder["first/pipe"]);

        checkpoint.Mark(1);
        checkpoint.Copy();

        Assert.Equal((1, null), (checkpoint.Epoch, checkpoint.Refusal));
        Assert.StartsWith("the checkpoint is kept without sockets, named pipes and devices: ", checkpoint.Lack, StringComparison.Ordinal);
        Assert.Equal(["pipe", "socket"], Names(checkpoint.Lack));
        checkpoint.Open();
        Assert.Equal(["state"], Directory.GetFileSystemEntries(folder["first"]).Select(Path.GetFileName));
    }

    [Fact]
    public void A_folder_that_became_a_link_is_refused_with_a_reason()
    {
        if (OperatingSystem.IsWindows())
            return;
        var checkpoint = Checkpoint("first");
        Directory.Delete(folder["first"]);
        Directory.CreateSymbolicLink(folder["first"], "/");

        checkpoint.Mark(1);
        checkpoint.Copy();

        Assert.Equal(0, checkpoint.Epoch);
        Assert.Contains("replaced by a symbolic link", checkpoint.Refusal, StringComparison.Ordinal);
        checkpoint.Open();
        Assert.Null(new DirectoryInfo(folder["first"]).LinkTarget);
    }

    [Fact]
    public void A_loaded_checkpoint_is_unpacked_once()
    {
        var first = Checkpoint("first");
        File.WriteAllText(folder["first/state"], "whole");
        first.Mark(2);
        first.Copy();
        using var saved = new MemoryStream();
        first.Save(saved);
        saved.Position = 0;
        var second = new CheckpointFolder(folder["second"], folder["second.tar"], limit: 1_000_000);
        second.Load(2, saved);
        // A second unpacking would delete this file.
        File.WriteAllText(folder["second/mark"], "");

        second.Open();
        Assert.Equal(["mark", "state"], Directory.GetFiles(folder["second"]).Select(Path.GetFileName).Order());
        // A later process starts from the checkpoint.
        second.Open();
        Assert.Equal(["state"], Directory.GetFiles(folder["second"]).Select(Path.GetFileName));
    }

    [Fact]
    public void Only_files_of_the_folder_get_into_the_store()
    {
        if (OperatingSystem.IsWindows())
            return;
        Directory.CreateDirectory(folder["secret"]);
        File.WriteAllText(folder["secret/key"], "s3cret");
        var artifacts = new ArtifactFolder(folder["out/r000000"], store, "sweep", 0);
        artifacts.Open(again: false);
        File.WriteAllText(folder["out/r000000/plot"], "plot");
        Directory.CreateSymbolicLink(folder["out/r000000/data"], folder["secret"]);
        File.CreateSymbolicLink(folder["out/r000000/key"], folder["secret/key"]);
        Directory.CreateSymbolicLink(folder["out/r000000/root"], "/");
        MakePipe(folder["out/r000000/pipe"]);

        var told = artifacts.Save();

        Assert.Equal(["plot"], store.Files.Keys);
        Assert.StartsWith("links, sockets, named pipes and devices of SWEEP_OUT are not copied to the store: ", told, StringComparison.Ordinal);
        Assert.Equal(["data", "key", "pipe", "root"], Names(told));
    }

    [Fact]
    public async Task Readers_of_the_folder_itself_see_only_its_files()
    {
        if (OperatingSystem.IsWindows())
            return;
        File.WriteAllText(folder["key"], "s3cret");
        Directory.CreateDirectory(folder["out/r000000"]);
        File.WriteAllText(folder["out/r000000/plot"], "plot");
        File.CreateSymbolicLink(folder["out/r000000/key"], folder["key"]);
        Directory.CreateSymbolicLink(folder["out/r000000/up"], "../..");
        var reader = new FolderArtifacts(_ => folder["out"]);

        Assert.Equal(["plot"], (await reader.ListAsync("sweep-abcde", 0, CancellationToken.None)).Select(file => file.Path));
        Assert.Empty(await reader.ReadAsync("sweep-abcde", 0, "key", 0, CancellationToken.None));
        Assert.Empty(await reader.ReadAsync("sweep-abcde", 0, "up/key", 0, CancellationToken.None));
    }

    [Fact]
    public void Files_that_are_in_the_store_are_deleted_at_the_end()
    {
        var artifacts = new ArtifactFolder(folder["out/r000000"], store, "sweep", 0);
        artifacts.Open(again: false);
        File.WriteAllText(folder["out/r000000/plot"], "plot");

        Assert.Null(artifacts.Close());

        Assert.Equal(["plot"], store.Files.Keys);
        Assert.False(Directory.Exists(folder["out/r000000"]));
        var again = new ArtifactFolder(folder["out/r000000"], store, "sweep", 0);
        again.Open(again: true);
        Assert.Equal("plot", File.ReadAllText(folder["out/r000000/plot"]));
        if (OperatingSystem.IsWindows())
            return;
        // What the store does not have stays.
        File.CreateSymbolicLink(folder["out/r000000/last"], "plot");
        Assert.NotNull(again.Close());
        Assert.True(File.Exists(folder["out/r000000/last"]));
    }

    public void Dispose() => folder.Dispose();

    private CheckpointFolder Checkpoint(string name)
    {
        var checkpoint = new CheckpointFolder(folder[name], folder[$"{name}.tar"], limit: 1_000_000);
        checkpoint.Open();
        return checkpoint;
    }

    /// <summary>The names at the end of a sentence, sorted.</summary>
    private static IEnumerable<string> Names(string? sentence) => sentence!.Split(": ")[^1].Split(", ").Order(StringComparer.Ordinal);

    private static void MakePipe(string path)
    {
        using var made = Process.Start("mkfifo", [path]);
        made.WaitForExit();
        Assert.Equal(0, made.ExitCode);
    }

    private sealed class KeptArtifacts : IArtifactStore
    {
        public SortedDictionary<string, byte[]> Files { get; } = new(StringComparer.Ordinal);

        public Task<IReadOnlyList<RunArtifact>> ListAsync(string sweep, int run, CancellationToken cancel) =>
            Task.FromResult<IReadOnlyList<RunArtifact>>([.. Files.Select(file => new RunArtifact(file.Key, file.Value.Length))]);

        public Task<byte[]> ReadAsync(string sweep, int run, string path, long from, CancellationToken cancel) => Task.FromResult(Files[path][(int)from..]);

        public Task SaveAsync(string sweep, int run, string path, Stream content, CancellationToken cancel)
        {
            using var bytes = new MemoryStream();
            content.CopyTo(bytes);
            Files[path] = bytes.ToArray();
            return Task.CompletedTask;
        }

        public Task DeleteAsync(string sweep, int run, string path, CancellationToken cancel)
        {
            Files.Remove(path);
            return Task.CompletedTask;
        }
    }
}
