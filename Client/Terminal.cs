using System.Text.Json;
using Client.Rendering;
using Spectre.Console;
using Sweeps.Files;

namespace Client;

/// <summary>Where a command writes: results to standard output, everything else to standard error.</summary>
/// <param name="Out">Results. In JSON mode only JSON goes here.</param>
/// <param name="Error">Progress in JSON mode, hints, errors.</param>
/// <param name="Json">Whether the user asked for <c>--output json</c>.</param>
public sealed record Terminal(IAnsiConsole Out, IAnsiConsole Error, bool Json)
{
    /// <summary>Width of a table when nobody looks: a file, a pipe.</summary>
    public const int PlainWidth = 100;

    /// <summary>Whether pictures that redraw themselves make sense.</summary>
    public bool Live => !Json && Out.Profile.Capabilities is { Interactive: true, Ansi: true };

    /// <summary>Where a person reads along: standard output, or standard error when standard output is for a program.</summary>
    public IAnsiConsole Talk => Json ? Error : Out;

    /// <summary>Columns available.</summary>
    public int Width => Out.Profile.Width;

    /// <summary>The terminal of this process.</summary>
    public static Terminal OfProcess(bool json) => new(
        Create(Console.Out, Console.IsOutputRedirected), Create(Console.Error, Console.IsErrorRedirected), json);

    /// <summary>Writes a line of plain text to where a person reads along; long lines are left to the terminal.</summary>
    public void Say(string text) => Talk.Profile.Out.Writer.WriteLine(PlainText.Escape(text));

    /// <summary>The answer of a command that shows no table: a sentence for people, an object with it as <c>message</c> for programs.</summary>
    /// <param name="sentence">For people.</param>
    /// <param name="more">Adds properties to the object.</param>
    public void Answer(string sentence, Action<Utf8JsonWriter> more)
    {
        if (!Json)
        {
            Say(sentence);
            return;
        }
        WriteData(SweepJson.Write(json =>
        {
            json.WriteStartObject();
            more(json);
            json.WriteString("message", sentence);
            json.WriteEndObject();
        }));
    }

    /// <summary>Writes a warning to standard error.</summary>
    public void Warn(string text) => Error.Profile.Out.Writer.WriteLine($"warning: {PlainText.Escape(text)}");

    /// <summary>Writes one line for programs to standard output, never wrapped.</summary>
    public void WriteData(string line) => Out.Profile.Out.Writer.WriteLine(line);

    private static IAnsiConsole Create(TextWriter writer, bool redirected)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = redirected ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = redirected ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Interactive = redirected ? InteractionSupport.No : InteractionSupport.Detect,
        });
        if (redirected)
            console.Profile.Width = int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), out var columns) && columns > 0 ? columns : PlainWidth;
        return console;
    }
}
