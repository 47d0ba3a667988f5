using Client.Rendering;

namespace Client.Tests.Rendering;

public class LiveTableTests
{
    [Theory]
    [InlineData(80)]
    [InlineData(40)]
    [InlineData(120)]
    public void The_live_table_looks_like_this(int width) =>
        Golden.Check($"live-{width}", Paper.Draw(LiveTable.Build(Example.View, width, 24), width));

    [Theory]
    [InlineData(80, 12)]
    [InlineData(80, 5)]
    [InlineData(40, 16)]
    [InlineData(200, 60)]
    public void The_live_table_never_leaves_the_terminal(int width, int height)
    {
        var lines = Paper.Draw(LiveTable.Build(Example.View, width, height), width).Split('\n');

        Assert.All(lines, line => Assert.True(line.Length <= width, line));
        Assert.True(lines.Length <= Math.Max(height, 11), $"{lines.Length} lines in a terminal of {height}");
    }
}
