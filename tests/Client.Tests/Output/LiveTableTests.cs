using Client.Output;
using Spectre.Console;

namespace Client.Tests.Output;

public class LiveTableTests
{
    [Theory]
    [InlineData(80)]
    [InlineData(40)]
    [InlineData(120)]
    public void The_live_table_looks_like_this(int width) =>
        Golden.Check($"live-{width}", TestConsole.Draw(LiveTable.Build(ExampleView.View, width, 24), width));

    [Fact]
    public void A_title_of_wide_characters_leaves_the_heading_on_one_line()
    {
        var drawn = TestConsole.Draw(LiveTable.Build(ExampleView.View with { Title = "日本語の値日本語の値" }, 80, 24), 80).Split('\n');

        Assert.EndsWith("0:42", drawn[0], StringComparison.Ordinal);
        Assert.Equal(80, Format.CellWidth(drawn[0]));
    }

    [Fact]
    public void A_sweep_that_nothing_works_on_says_so_and_estimates_no_time()
    {
        var since = new DateTimeOffset(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);
        var drawn = TestConsole.Draw(LiveTable.Build(ExampleView.View with { InterruptedSince = since, Left = null }, 80, 24), 80);

        Assert.EndsWith(
            "  41 of about 118 epochs · 2 trained again\n  interrupted since 2026-03-01 09:00:00Z: no process works on it\n  go on with: ./sweep resume glyphs-7f3a",
            drawn, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_last_picture_stays_when_the_live_table_ends()
    {
        using var writer = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer), Ansi = AnsiSupport.Yes, ColorSystem = ColorSystemSupport.NoColors, Interactive = InteractionSupport.Yes,
        });
        (console.Profile.Width, console.Profile.Height) = (80, 24);

        await Watching.LiveDisplay.RunAsync(console, display =>
        {
            display.Show(ExampleView.View);
            return Task.CompletedTask;
        });

        // Nothing is erased after the last line of the picture.
        var after = writer.ToString()[writer.ToString().LastIndexOf("about 0:24 left", StringComparison.Ordinal)..];
        Assert.DoesNotContain("\u001b[2K", after, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(80, 12)]
    [InlineData(80, 5)]
    [InlineData(40, 16)]
    [InlineData(200, 60)]
    public void The_live_table_never_leaves_the_terminal(int width, int height)
    {
        var lines = TestConsole.Draw(LiveTable.Build(ExampleView.View, width, height), width).Split('\n');

        Assert.All(lines, line => Assert.True(line.Length <= width, line));
        Assert.True(lines.Length <= Math.Max(height, 11), $"{lines.Length} lines in a terminal of {height}");
    }
}
