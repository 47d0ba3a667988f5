using System.Text;
using System.Text.Json;
using Spectre.Console;
using Spectre.Console.Rendering;
using Sweeps.Files;

namespace Client.Output;

/// <summary>The output of a command.</summary>
/// <param name="Out">Standard output: results. In JSON mode it receives only JSON.</param>
/// <param name="Error">Standard error: warnings, errors and, in JSON mode, progress.</param>
/// <param name="Json">Whether the user asked for <c>--output json</c>.</param>
public sealed record Terminal(IAnsiConsole Out, IAnsiConsole Error, bool Json)
{
    /// <summary>The width of output to a file or a pipe, unless <c>COLUMNS</c> is set.</summary>
    public const int PlainWidth = 100;

    /// <summary>A width in which all columns of a table fit.</summary>
    public const int Unlimited = 10_000;

    /// <summary>Whether standard output is a terminal in which a table can be redrawn.</summary>
    public bool Live => !Json && Out.Profile.Capabilities is { Interactive: true, Ansi: true };

    /// <summary>The destination of messages: standard output, or standard error in JSON mode.</summary>
    public IAnsiConsole Messages => Json ? Error : Out;

    public int Width => Out.Profile.Width;

    /// <summary>The lines of the terminal, or null for a file or a pipe.</summary>
    public int? Height => Piped ? null : Out.Profile.Height;

    /// <summary>
    /// The width of a table whose columns may be left out: <see cref="Unlimited"/> for a file or a pipe, unless <c>COLUMNS</c> is set.
    /// </summary>
    public int TableWidth => Piped && ColumnsVariable is null ? Unlimited : Width;

    private bool Piped { get; init; }

    private static int? ColumnsVariable =>
        int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), out var columns) && columns > 0 ? columns : null;

    public static Terminal OfProcess(bool json) => new(
        Create(Console.Out, Console.IsOutputRedirected), Create(Console.Error, Console.IsErrorRedirected), json) { Piped = Console.IsOutputRedirected };

    /// <summary>Writes a table that is built for <see cref="TableWidth"/>: in a pipe it has all columns.</summary>
    public void WriteTable(Func<int, IRenderable> build)
    {
        var width = Width;
        Out.Profile.Width = TableWidth;
        Out.Write(build(TableWidth));
        Out.Profile.Width = width;
    }

    /// <summary>Writes a sentence to <see cref="Messages"/>.</summary>
    public void Say(string text) => WriteSentence(Messages, text);

    /// <summary>Asks the user a yes/no question. Returns false without asking in JSON mode and without a terminal.</summary>
    public bool Ask(string question)
    {
        if (Json || Console.IsInputRedirected || Piped)
            return false;
        Out.Profile.Out.Writer.Write($"{PlainText.Escape(question)} [y/N] ");
        return Console.ReadLine()?.Trim().ToUpperInvariant() is "Y" or "YES";
    }

    /// <summary>
    /// Writes the result of a command that shows no table: a sentence, or in JSON mode an object with the sentence as <c>message</c>.
    /// </summary>
    /// <param name="sentence">The sentence.</param>
    /// <param name="more">Writes further properties of the object.</param>
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
    public void Warn(string text) => WriteSentence(Error, $"warning: {text}");

    /// <summary>Writes a line of plain text: in a terminal it is wrapped between words, in a file or a pipe it stays one line.</summary>
    /// <param name="console">The console to write to.</param>
    /// <param name="text">The line; its control characters are escaped.</param>
    /// <param name="indent">The indentation of continuation lines, in cells: the width of a column at the beginning of the line.</param>
    public static void WriteSentence(IAnsiConsole console, string text, int indent = 0)
    {
        var escaped = PlainText.Escape(text);
        console.Profile.Out.Writer.WriteLine(console.Profile.Out.IsTerminal
            ? escaped[..indent] + string.Join(Environment.NewLine + new string(' ', indent), Lines.Wrap(escaped[indent..], Math.Max(20, console.Profile.Width - indent)))
            : escaped);
    }

    /// <summary>
    /// Writes text to standard output without wrapping it. Escapes control characters except in JSON, which contains none.
    /// </summary>
    public void WriteData(string line) => Out.Profile.Out.Writer.WriteLine(Json ? line : PlainText.Escape(line));

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
            console.Profile.Width = ColumnsVariable ?? PlainWidth;
        return console;
    }
}

/// <summary>
/// A writer to a terminal, a file or a pipe that ignores I/O errors: a full disk or a closed terminal must not end a sweep.
/// </summary>
public sealed class FaultTolerantWriter(TextWriter inner) : TextWriter
{
    private TextWriter inner = inner;

    /// <summary>The message of the first error, or null.</summary>
    public string? Failure { get; private set; }

    /// <summary>Replaces the inner writer and resets <see cref="Failure"/>.</summary>
    public void Redirect(TextWriter next) => (inner, Failure) = (next, null);

    /// <inheritdoc/>
    public override Encoding Encoding => inner.Encoding;

    /// <inheritdoc/>
    public override void Write(char value) => Try(() => inner.Write(value));

    /// <inheritdoc/>
    public override void Write(string? value) => Try(() => inner.Write(value));

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Try(() => inner.Write(buffer, index, count));

    /// <inheritdoc/>
    public override void WriteLine(string? value) => Try(() => inner.WriteLine(value));

    /// <inheritdoc/>
    public override void Flush() => Try(inner.Flush);

    private void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Failure ??= e.Message;
        }
    }
}
