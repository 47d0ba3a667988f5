using System.Globalization;

namespace Sweeps.Programs;

/// <summary>
/// A control group (cgroup v2) for the processes of one run, where this process may create one: no descendant leaves it, whatever it does, and one
/// write kills them all (docs.kernel.org/admin-guide/cgroup-v2.html). Limits are set where the controllers are delegated.
/// </summary>
internal sealed class ProgramCgroup : IDisposable
{
    private const string Prefix = "sweep-";
    private static readonly Lazy<string?> Base = new(FindBase);
    private static int created;

    private readonly string folder;

    private ProgramCgroup(string folder) => this.folder = folder;

    /// <summary>Creates a group; null where that is not possible.</summary>
    public static ProgramCgroup? Create(ProgramLimits limits)
    {
        if (Base.Value is not { } parent)
            return null;
        var folder = Path.Combine(parent, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Environment.ProcessId}-{Interlocked.Increment(ref created)}"));
        try
        {
            Directory.CreateDirectory(folder);
            if (!File.Exists(Path.Combine(folder, "cgroup.kill")))
            {
                // Kernels before 5.14 cannot kill a group.
                Directory.Delete(folder);
                return null;
            }
            var group = new ProgramCgroup(folder);
            if (limits.Memory is { } memory)
            {
                group.Set("memory.max", memory);
                group.Set("memory.swap.max", 0);
                group.Set("memory.oom.group", 1);
            }
            if (limits.Processes is { } processes)
                group.Set("pids.max", processes);
            return group;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Kills the groups of nodes that have died, and deletes them.</summary>
    public static void EndLeftovers()
    {
        foreach (var folder in Base.Value is { } parent ? Directory.EnumerateDirectories(parent, Prefix + "*") : [])
            if (int.TryParse(Path.GetFileName(folder)[Prefix.Length..].Split('-')[0], CultureInfo.InvariantCulture, out var node) && ProcessTable.StartedAt(node) is null)
            {
                var group = new ProgramCgroup(folder);
                group.Kill();
                group.Dispose();
            }
    }

    /// <summary>The numbers of the processes in the group.</summary>
    public IReadOnlyList<int> Processes => [.. Read("cgroup.procs").Select(line => int.Parse(line, CultureInfo.InvariantCulture))];

    /// <summary>Whether the kernel killed the group because of its memory.</summary>
    public bool OutOfMemory => Read("memory.events").Any(line => line.StartsWith("oom_kill ", StringComparison.Ordinal) && !line.EndsWith(" 0", StringComparison.Ordinal));

    /// <summary>
    /// The same process, started by a shell that enters the group first: a process that was added from outside could have started others
    /// before.
    /// </summary>
    public ProcessStart Enter(ProcessStart start) => start with
    {
        File = "/bin/sh",
        Arguments = ["sh", "-c", "echo $$ > \"$0\"; exec \"$@\"", Path.Combine(folder, "cgroup.procs"), start.File, .. start.Arguments.Skip(1)],
    };

    /// <summary>Kills every process of the group.</summary>
    public void Kill() => Set("cgroup.kill", 1);

    /// <summary>Deletes the group, which must be empty; the kernel may need some milliseconds to notice that it is.</summary>
    public void Dispose()
    {
        for (var attempt = 0; attempt < 50; attempt++)
            try
            {
                Directory.Delete(folder);
                return;
            }
            catch (DirectoryNotFoundException)
            {
                return;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Thread.Sleep(2);
            }
    }

    private void Set(string file, long value)
    {
        try
        {
            // The files exist already; creating one is refused.
            using var stream = new FileStream(Path.Combine(folder, file), FileMode.Open, FileAccess.Write);
            stream.Write(System.Text.Encoding.ASCII.GetBytes(value.ToString(CultureInfo.InvariantCulture)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A controller that is not delegated has no file: the limit is then watched by LimitWatch. A process may have ended already.
        }
    }

    private string[] Read(string file)
    {
        try
        {
            return File.ReadAllLines(Path.Combine(folder, file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>The group of this process, when there is version 2 and this process may create groups in it; else null.</summary>
    private static string? FindBase()
    {
        try
        {
            if (!OperatingSystem.IsLinux())
                return null;
            var own = File.ReadLines("/proc/self/cgroup").FirstOrDefault(line => line.StartsWith("0::", StringComparison.Ordinal))?[3..];
            // The fields after " - " are the type of the file system, its source and options (proc(5)).
            var mount = File.ReadLines("/proc/self/mountinfo").FirstOrDefault(line => line.Contains(" - cgroup2 ", StringComparison.Ordinal))?.Split(' ')[4];
            if (own is null || mount is null)
                return null;
            var folder = mount + own.TrimEnd('/');
            var probe = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Environment.ProcessId}-0"));
            Directory.CreateDirectory(probe);
            Directory.Delete(probe);
            return folder;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
