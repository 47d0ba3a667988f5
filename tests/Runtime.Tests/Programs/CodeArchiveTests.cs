using System.Diagnostics;
using Sweeps.Programs;
using Tests.Shared;

namespace Runtime.Tests.Programs;

public sealed class CodeArchiveTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task Links_inside_the_folder_are_copies_and_others_are_left_out()
    {
        if (OperatingSystem.IsWindows())
            return;
        Directory.CreateDirectory(folder["code/lib/deep"]);
        Directory.CreateDirectory(folder["outside"]);
        File.WriteAllText(folder["outside/key"], "s3cret");
        File.WriteAllText(folder["code/.gitignore"], "ignored\n");
        File.WriteAllText(folder["code/ignored"], "s3cret");
        File.WriteAllText(folder["code/lib/.env"], "s3cret");
        File.WriteAllText(folder["code/lib/one.py"], "one");
        File.WriteAllText(folder["code/lib/deep/two.py"], "two");
        File.CreateSymbolicLink(folder["code/file"], "lib/one.py");
        Directory.CreateSymbolicLink(folder["code/linked"], "lib/");
        Directory.CreateSymbolicLink(folder["code/lib/deep/up"], "..");
        Directory.CreateSymbolicLink(folder["code/all"], ".");
        Directory.CreateSymbolicLink(folder["code/out"], "../outside");
        File.CreateSymbolicLink(folder["code/through"], "out/key");
        File.CreateSymbolicLink(folder["code/hidden"], "ignored");
        File.CreateSymbolicLink(folder["code/settings"], "lib/.env");
        using (var git = Process.Start("git", ["-C", folder["code"], "init", "-q"]))
            await git.WaitForExitAsync();

        var code = await CodeArchive.PackAsync(folder["code"], CancellationToken.None);

        Assert.Equal([".gitignore", "file", "lib/deep/two.py", "lib/one.py", "linked/deep/two.py", "linked/one.py"], code.Files);
        Assert.Equal(["all", "hidden", "lib/.env", "lib/deep/up", "out", "settings", "through"], code.LeftOut);
        CodeArchive.Unpack(code.Bytes, folder["unpacked"]);
        Assert.Equal(
            code.Files,
            Directory.GetFiles(folder["unpacked"], "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder["unpacked"], file)).Order(StringComparer.Ordinal));
        Assert.Equal("two", File.ReadAllText(folder["unpacked/linked/deep/two.py"]));
    }

    [Fact]
    public async Task A_folder_given_with_a_separator_at_its_end_is_packed_and_unpacked_like_one_without()
    {
        Directory.CreateDirectory(folder["code"]);
        await File.WriteAllTextAsync(Path.Combine(folder["code"], "train.py"), "print(1)");
        using (var git = Process.Start(new ProcessStartInfo("git", ["-C", folder["code"], "init", "--quiet"]))!)
            await git.WaitForExitAsync();

        var plain = await CodeArchive.PackAsync(folder["code"], default);
        var ended = await CodeArchive.PackAsync(folder["code"] + Path.DirectorySeparatorChar, default);
        CodeArchive.Unpack(ended.Bytes, folder["copy"] + Path.DirectorySeparatorChar);

        Assert.Equal(["train.py"], plain.Files);
        Assert.Equal((plain.Sha256, 0), (ended.Sha256, ended.LeftOut.Count));
        Assert.Equal("print(1)", await File.ReadAllTextAsync(Path.Combine(folder["copy"], "train.py")));
    }

    public void Dispose() => folder.Dispose();
}
