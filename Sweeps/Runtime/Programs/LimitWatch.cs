using System.Globalization;

namespace Sweeps.Programs;

/// <summary>
/// Compares the use of a run with its limits. Processes are counted once per second, files five times per second, and less often if there are many.
/// </summary>
internal sealed class LimitWatch(ProgramLimits limits, TimeProvider time, string artifacts, string checkpoint)
{
    // The least time between two listings of the files, as a multiple of the time that the last one took, so that many files do not slow down the run.
    private const int PausePerListing = 10;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1), SizeInterval = Interval / 5;

    private readonly long startedAt = time.GetTimestamp();
    private long reportedAt = time.GetTimestamp(), countedAt = time.GetTimestamp(), sizedAt = time.GetTimestamp();
    private TimeSpan pause = SizeInterval;

    /// <summary>Restarts the time limit of an epoch, because an epoch was reported.</summary>
    public void Reported() => reportedAt = time.GetTimestamp();

    /// <summary>Describes a limit that is exceeded, for people; null if none is.</summary>
    public string? Exceeded(IRunningProgram program)
    {
        if (limits.Epoch is { } epoch && time.GetElapsedTime(reportedAt) > epoch)
            return $"no report for {epoch.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture)} s (limits.epoch)";
        if (limits.Run is { } run && time.GetElapsedTime(startedAt) > run)
            return $"it ran for {run.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture)} s (limits.run)";
        if (Oversized() is { } oversized)
            return oversized;
        if (time.GetElapsedTime(countedAt) < Interval)
            return null;
        countedAt = time.GetTimestamp();
        // Living also records members, so that processes that leave the tree later are still recognised.
        var (count, used) = program.Living(Interval / 2);
        if (limits.Processes is { } most && count > most)
            return $"it had {count} processes, more than limits.processes ({most})";
        if (limits.Memory is { } memory && used > memory)
            return string.Create(CultureInfo.InvariantCulture, $"out of memory: it used {used / 1e6:N0} MB, more than limits.memory ({memory / 1e6:N0} MB)");
        return null;
    }

    /// <summary>Checks the files, more often than the processes, because a program can write a gigabyte per second.</summary>
    private string? Oversized()
    {
        if (time.GetElapsedTime(sizedAt) < pause)
            return null;
        var began = time.GetTimestamp();
        var larger = Larger("SWEEP_OUT", artifacts, "limits.artifacts", limits.Artifacts) ?? Larger("SWEEP_CHECKPOINT", checkpoint, "limits.checkpoint", limits.Checkpoint);
        sizedAt = time.GetTimestamp();
        var cost = time.GetElapsedTime(began, sizedAt) * PausePerListing;
        pause = cost > SizeInterval ? cost : SizeInterval;
        return larger;
    }

    private static string? Larger(string variable, string folder, string key, long limit) => Size(folder) is var size && size > limit
        ? string.Create(CultureInfo.InvariantCulture, $"its files in {variable} have {size / 1e6:N0} MB, more than {key} ({limit / 1e6:N0} MB)")
        : null;

    private static long Size(string folder)
    {
        try
        {
            return ProgramFiles.Size(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The program is deleting files or has made them inaccessible; the next check counts again.
            return 0;
        }
    }
}
