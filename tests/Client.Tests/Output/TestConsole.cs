using Spectre.Console;
using Spectre.Console.Rendering;

namespace Client.Tests.Output;

/// <summary>A console of fixed width without colours.</summary>
internal static class TestConsole
{
    /// <summary>The text of <paramref name="picture"/>, without trailing spaces.</summary>
    public static string Draw(IRenderable picture, int width)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        console.Profile.Width = width;
        console.Profile.Capabilities.Unicode = true;
        console.Write(picture);
        return string.Join('\n', writer.ToString().Split('\n').Select(line => line.TrimEnd())).TrimEnd('\n');
    }
}
