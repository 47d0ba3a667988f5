using Client.Rendering;
using Client.Views;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Client.Watching;

/// <summary>The table that redraws itself in place.</summary>
/// <param name="context">Spectre's live region.</param>
/// <param name="console">The terminal, whose size is asked anew at each picture.</param>
public sealed class LiveDisplay(LiveDisplayContext context, IAnsiConsole console) : IDisplay
{
    /// <inheritdoc/>
    public TimeSpan Pace => TimeSpan.FromMilliseconds(125);

    /// <inheritdoc/>
    public void Show(SweepView view)
    {
        context.UpdateTarget(LiveTable.Build(view, console.Profile.Width, console.Profile.Height));
        context.Refresh();
    }

    /// <inheritdoc/>
    public void Say(string sentence) => console.WriteLine(sentence);

    /// <summary>Runs <paramref name="body"/> with a live region whose last picture stays.</summary>
    public static async Task RunAsync(IAnsiConsole console, Func<IDisplay, Task> body) => await console.Live(new Text(""))
        .AutoClear(false).Overflow(VerticalOverflow.Crop).Cropping(VerticalOverflowCropping.Bottom)
        .StartAsync(context => body(new LiveDisplay(context, console)));
}
