using System.Diagnostics;
using Sweeps.Programs;
using Tests.Shared;

namespace Runtime.Tests.Programs;

public class CodeArchiveTests
{
    [Fact]
    public async Task A_folder_given_with_a_separator_at_its_end_is_packed_and_unpacked_like_one_without()
    {
        using var folder = new TemporaryFolder();
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
}
