using Spectre.Console;
using Spectre.Console.Rendering;

namespace Client.Tests.Output;

/// <summary>A terminal of fixed width without colours that remembers what was drawn.</summary>
internal static class Paper
{
    /// <summary>What is drawn, line by line, without trailing spaces.</summary>
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
