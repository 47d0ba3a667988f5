using System.Globalization;
using Client.Output;
using Client.Views;
using Spectre.Console;
using Sweeps.Files;

namespace Client.Watching;

/// <summary>Shows a running sweep.</summary>
public interface IDisplay
{
    /// <summary>The interval between two calls of <see cref="Show"/>.</summary>
    TimeSpan Interval { get; }

    void Show(SweepView view);

    /// <summary>Writes a sentence above the current view.</summary>
    void Say(string sentence);
}

/// <summary>A table that is redrawn in place.</summary>
public sealed class LiveDisplay(LiveDisplayContext context, IAnsiConsole console) : IDisplay
{
    /// <inheritdoc/>
    public TimeSpan Interval => TimeSpan.FromMilliseconds(125);

    /// <inheritdoc/>
    public void Show(SweepView view)
    {
        context.UpdateTarget(LiveTable.Build(view, console.Profile.Width, console.Profile.Height));
        context.Refresh();
    }

    /// <inheritdoc/>
    public void Say(string sentence) => console.WriteLine(PlainText.Escape(sentence));

    /// <summary>Runs <paramref name="body"/> with a live display whose last table stays on the terminal.</summary>
    public static async Task RunAsync(IAnsiConsole console, Func<IDisplay, Task> body) => await console.Live(new Text(""))
        .AutoClear(false).Overflow(VerticalOverflow.Crop).Cropping(VerticalOverflowCropping.Bottom)
        .StartAsync(context => body(new LiveDisplay(context, console)));
}

/// <summary>
/// Writes lines for files, pipes and build servers: one per new best value, one when the sweep is interrupted, paused or resumed, and one
/// about the pace at intervals.
/// </summary>
/// <param name="write">Writes a line.</param>
/// <param name="paceInterval">The time without another line after which a line about the pace is written.</param>
public sealed class PlainDisplay(Action<string> write, TimeSpan paceInterval) : IDisplay
{
    private bool shown;
    private double? best;
    private TimeSpan written;
    private IReadOnlyList<string> obstacles = [];
    private string status = "";

    /// <inheritdoc/>
    public TimeSpan Interval => TimeSpan.FromMilliseconds(250);

    /// <inheritdoc/>
    public void Say(string sentence) => write(sentence);

    /// <inheritdoc/>
    public void Show(SweepView view)
    {
        foreach (var news in view.Obstacles.Except(obstacles))
            write($"{Format.Time(view.Elapsed)}  {news}");
        obstacles = view.Obstacles;
        if (view.Best is { } run && run.Best != best)
        {
            best = run.Best;
            written = view.Elapsed;
            // The first view may show a best value that was recorded before this process began to watch.
            write($"{Format.Time(view.Elapsed)}  {view.Metric} {Format.Metric(run.Best)}{(shown ? "" : " so far")}  run {run.Run} at epoch {run.BestEpoch}  {Format.Varying(run.Configuration, view.Parameters)}");
        }
        shown = true;
        var now = string.Join("; ", StatusText.WhyNoProgress(view.Sweep, view.InterruptedSince, view.Held));
        if (now != status)
        {
            status = now;
            written = view.Elapsed;
            write($"{Format.Time(view.Elapsed)}  {(now.Length > 0 ? now : "goes on")}");
        }
        else if (view.Elapsed - written >= paceInterval && view.InterruptedSince is null)
        {
            written = view.Elapsed;
            var rate = view.EpochsPerSecond is { } pace ? string.Create(CultureInfo.InvariantCulture, $" · {Format.Rate(pace)} epochs/s") : "";
            write($"{Format.Time(view.Elapsed)}  {view.Counts.Describe()} · {view.Epochs:N0} epochs{rate}");
        }
    }
}
