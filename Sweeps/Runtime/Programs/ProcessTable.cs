using System.Globalization;
using System.Text;

namespace Sweeps.Programs;

/// <summary>A process of this machine at one moment.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Parent">The number of its parent.</param>
/// <param name="Group">Its process group.</param>
/// <param name="Session">Its session.</param>
/// <param name="Started">When it started, in ticks of the kernel; with the number it is unique.</param>
/// <param name="Memory">Its resident memory in bytes.</param>
/// <param name="Zombie">Whether it has ended and was not reaped.</param>
internal sealed record ProcessEntry(int Id, int Parent, int Group, int Session, long Started, long Memory, bool Zombie);

/// <summary>The processes of this machine, from <c>/proc</c>; empty on systems without it.</summary>
internal static class ProcessTable
{
    private static readonly Lock Gate = new();
    private static IReadOnlyDictionary<int, ProcessEntry> last = new Dictionary<int, ProcessEntry>();
    private static long readAt;

    /// <summary>All processes, as they were at most <paramref name="age"/> ago: many runs share one look at <c>/proc</c>.</summary>
    public static IReadOnlyDictionary<int, ProcessEntry> Read(TimeSpan age)
    {
        lock (Gate)
        {
            if (readAt != 0 && TimeProvider.System.GetElapsedTime(readAt) < age)
                return last;
            last = ReadAll();
            readAt = TimeProvider.System.GetTimestamp();
            return last;
        }
    }

    /// <summary>When a process started, or null when there is none.</summary>
    public static long? StartedAt(int id) => ReadOne(id)?.Started;

    /// <summary>
    /// The children of this process's first thread: the orphans that it got as their subreaper (the kernel gives them to the first thread that
    /// lives), and what that thread has started. Null on a system that does not tell.
    /// </summary>
    public static IReadOnlyList<int>? Orphans()
    {
        try
        {
            var self = System.Environment.ProcessId;
            return [.. File.ReadAllText($"/proc/{self}/task/{self}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Number)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Whether the environment with which a process was started has all of these: <c>NAME=value</c>.</summary>
    public static bool HasEnvironment(int id, IReadOnlyList<string> variables)
    {
        var environment = Environment(id);
        return environment.Length > 0 && variables.All(environment.Contains);
    }

    /// <summary>The environment with which a process was started; empty when it cannot be read.</summary>
    public static string[] Environment(int id)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{id}/environ")).Split('\0');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>How many processes the kernel has ended for want of memory since the machine started; 0 where it does not count them.</summary>
    public static long OutOfMemoryKills()
    {
        const string Counter = "oom_kill ";
        try
        {
            return OperatingSystem.IsLinux() && File.ReadLines("/proc/vmstat").FirstOrDefault(line => line.StartsWith(Counter, StringComparison.Ordinal)) is { } line
                ? long.Parse(line.AsSpan(Counter.Length), CultureInfo.InvariantCulture)
                : 0;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static Dictionary<int, ProcessEntry> ReadAll()
    {
        var table = new Dictionary<int, ProcessEntry>();
        if (!OperatingSystem.IsLinux())
            return table;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
            if (int.TryParse(folder.AsSpan("/proc/".Length), CultureInfo.InvariantCulture, out var id) && ReadOne(id) is { } entry)
                table[id] = entry;
        return table;
    }

    private static ProcessEntry? ReadOne(int id)
    {
        try
        {
            // The name, in parentheses, may contain anything; the fields after it are numbers (proc(5)).
            var text = File.ReadAllText($"/proc/{id}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return new ProcessEntry(
                id, Number(fields[1]), Number(fields[2]), Number(fields[3]), long.Parse(fields[19], CultureInfo.InvariantCulture),
                long.Parse(fields[21], CultureInfo.InvariantCulture) * System.Environment.SystemPageSize, fields[0] is "Z" or "X");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or IndexOutOfRangeException)
        {
            // The process has ended meanwhile.
            return null;
        }
    }

    private static int Number(string field) => int.Parse(field, CultureInfo.InvariantCulture);
}
