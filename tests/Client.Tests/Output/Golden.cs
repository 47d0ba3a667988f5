using System.Runtime.CompilerServices;

namespace Client.Tests.Output;

/// <summary>Compares text with the file in Expectations/. With SWEEP_GOLDEN=write the files are written instead.</summary>
internal static class Golden
{
    public static void Check(string name, string actual, [CallerFilePath] string here = "")
    {
        var path = Path.Combine(Path.GetDirectoryName(here)!, "..", "Expectations", name + ".txt");
        if (Environment.GetEnvironmentVariable("SWEEP_GOLDEN") == "write")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual + "\n");
        }
        var expected = File.ReadAllText(path).ReplaceLineEndings("\n").TrimEnd('\n');
        Assert.True(expected == actual, $"{name}.txt differs.\n--- expected\n{expected}\n--- actual\n{actual}\nIf the new text is right: SWEEP_GOLDEN=write ./test {name}");
    }
}
