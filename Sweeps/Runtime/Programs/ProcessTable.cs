using System.Globalization;
using System.Text;

namespace Sweeps.Programs;

/// <summary>The state of a process of this machine.</summary>
/// <param name="Id">The process id.</param>
/// <param name="Parent">The id of the parent process.</param>
/// <param name="Group">The id of the process group.</param>
/// <param name="Session">The id of the session.</param>
/// <param name="Started">The start time in clock ticks since the boot. Together with the id it is unique.</param>
/// <param name="Memory">The resident memory in bytes.</param>
/// <param name="Zombie">Whether the process has ended and was not reaped.</param>
internal sealed record ProcessEntry(int Id, int Parent, int Group, int Session, long Started, long Memory, bool Zombie);

/// <summary>The processes of this machine, from <c>/proc</c>; empty on systems without it.</summary>
internal static class ProcessTable
{
    private static readonly Lock Gate = new();
    private static IReadOnlyDictionary<int, ProcessEntry> last = new Dictionary<int, ProcessEntry>();
    private static long readAt;

    /// <summary>Returns all processes, as they were at most <paramref name="age"/> ago, so that many runs share one read of <c>/proc</c>.</summary>
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

    /// <summary>The start time of a process; null if it does not exist.</summary>
    public static long? StartedAt(int id) => ReadOne(id)?.Started;

    /// <summary>
    /// Returns the children of this process's first thread: the orphans whose subreaper this process is, which the kernel gives to the first living thread,
    /// and the processes that this thread has started. Null if the system does not provide this list.
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

    /// <summary>Whether the environment with which a process was started has all of <paramref name="variables"/>, each as <c>NAME=value</c>.</summary>
    public static bool HasEnvironment(int id, IReadOnlyList<string> variables)
    {
        var environment = Environment(id);
        return environment.Length > 0 && variables.All(environment.Contains);
    }

    /// <summary>The environment with which a process was started; empty if it cannot be read.</summary>
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

    /// <summary>
    /// The number of processes that the kernel has killed since the boot because the machine or a control group was out of memory; 0 if it is not counted.
    /// </summary>
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
            // The name, in parentheses, may contain any character, so the fields are counted after the last parenthesis (proc(5)).
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
