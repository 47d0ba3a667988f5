namespace Client.Views;

/// <summary>How many runs stand where.</summary>
/// <param name="Total">All created so far.</param>
/// <param name="Running">On a slot.</param>
/// <param name="Queued">Waiting for a slot.</param>
/// <param name="Paused">At a rung, waiting to be promoted or given up.</param>
/// <param name="Stopped">Ended early by a rule or a person.</param>
/// <param name="Finished">Trained to the last epoch.</param>
/// <param name="Diverged">Ended by NaN, infinity or an exploding loss.</param>
/// <param name="Failed">Ended by an error that comes again.</param>
public sealed record RunCounts(int Total, int Running, int Queued, int Paused, int Stopped, int Finished, int Diverged, int Failed)
{
    /// <summary>The counts that are not zero, in words: <c>34 runs · 2 running · 20 stopped early</c>.</summary>
    public string InWords()
    {
        (int Count, string Word)[] parts =
        [
            (Running, "running"), (Queued, "queued"), (Paused, "waiting at a rung"), (Stopped, "stopped early"), (Finished, "finished"),
            (Diverged, "diverged"), (Failed, "failed"),
        ];
        return string.Join(" · ", parts.Where(part => part.Count > 0).Select(part => $"{part.Count:N0} {part.Word}")
            .Prepend(Total == 1 ? "1 run" : $"{Total:N0} runs"));
    }
}
