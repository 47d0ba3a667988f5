using System.Globalization;
using Client.Rendering;
using Client.Views;

namespace Client.Watching;

/// <summary>A line per new best, one when the sweep is interrupted, paused or goes on, and one now and then about the pace: for files, pipes and build servers.</summary>
/// <param name="write">Writes a line.</param>
/// <param name="quiet">How long nothing is said when there is no new best.</param>
public sealed class PlainDisplay(Action<string> write, TimeSpan quiet) : IDisplay
{
    private double? best;
    private TimeSpan said;
    private IReadOnlyList<string> obstacles = [];
    private string standing = "";

    /// <inheritdoc/>
    public TimeSpan Pace => TimeSpan.FromMilliseconds(250);

    /// <inheritdoc/>
    public void Say(string sentence) => write(sentence);

    /// <inheritdoc/>
    public void Show(SweepView view)
    {
        foreach (var news in view.Obstacles.Except(obstacles))
            write($"{Words.Time(view.Elapsed)}  {news}");
        obstacles = view.Obstacles;
        if (view.Best is { } run && run.Best != best)
        {
            best = run.Best;
            said = view.Elapsed;
            write($"{Words.Time(view.Elapsed)}  {view.Metric} {Words.Metric(run.Best)}  run {run.Run} at epoch {run.BestEpoch}  {run.Name}");
        }
        var now = string.Join("; ", Standing.Of(view.Sweep, view.InterruptedSince, view.Held));
        if (now != standing)
        {
            standing = now;
            said = view.Elapsed;
            write($"{Words.Time(view.Elapsed)}  {(now.Length > 0 ? now : "goes on")}");
        }
        else if (view.Elapsed - said >= quiet && view.InterruptedSince is null)
        {
            said = view.Elapsed;
            var rate = view.EpochsPerSecond is { } pace ? string.Create(CultureInfo.InvariantCulture, $" · {Words.Rate(pace)} epochs/s") : "";
            write($"{Words.Time(view.Elapsed)}  {view.Counts.InWords()} · {view.Epochs:N0} epochs{rate}");
        }
    }
}
