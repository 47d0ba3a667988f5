using System.Globalization;

namespace Sweeps.Programs;

/// <summary>
/// A control group (cgroup v2) for the processes of one run, if this process may create one. Descendants stay in the group even if they change their
/// session or parent, and one write kills them all (docs.kernel.org/admin-guide/cgroup-v2.html). Limits are set if the controllers are delegated.
/// </summary>
internal sealed class ProgramCgroup : IDisposable
{
    private const string Prefix = "sweep-";
    private static readonly Lazy<string?> Base = new(FindBase);
    private static int created;

    private readonly string folder;

    private ProgramCgroup(string folder) => this.folder = folder;

    /// <summary>Creates a group; null if that is not possible.</summary>
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

    /// <summary>Kills and deletes the groups of node processes that have ended.</summary>
    public static void KillOrphans()
    {
        foreach (var folder in Base.Value is { } parent ? Directory.EnumerateDirectories(parent, Prefix + "*") : [])
            if (int.TryParse(Path.GetFileName(folder)[Prefix.Length..].Split('-')[0], CultureInfo.InvariantCulture, out var node) && ProcessTable.StartedAt(node) is null)
            {
                var group = new ProgramCgroup(folder);
                group.Kill();
                group.Dispose();
            }
    }

    /// <summary>The ids of the processes in the group.</summary>
    public IReadOnlyList<int> Processes => [.. Read("cgroup.procs").Select(line => int.Parse(line, CultureInfo.InvariantCulture))];

    /// <summary>Whether the kernel killed a process of the group because of its memory.</summary>
    public bool OutOfMemory => Read("memory.events").Any(line => line.StartsWith("oom_kill ", StringComparison.Ordinal) && !line.EndsWith(" 0", StringComparison.Ordinal));

    /// <summary>
    /// Returns the start of the same process by a shell that enters the group first. A process that this process added to the group after its start could
    /// have started others outside of it.
    /// </summary>
    public ProcessStart Enter(ProcessStart start) => start with
    {
        File = "/bin/sh",
        Arguments = ["sh", "-c", "echo $$ > \"$0\"; exec \"$@\"", Path.Combine(folder, "cgroup.procs"), start.File, .. start.Arguments.Skip(1)],
    };

    /// <summary>Kills every process of the group.</summary>
    public void Kill() => Set("cgroup.kill", 1);

    /// <summary>Deletes the group, whose processes must have ended. It retries for 100 ms, because the kernel removes ended processes with a delay.</summary>
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
            // Open the existing file, because the kernel refuses to create files here.
            using var stream = new FileStream(Path.Combine(folder, file), FileMode.Open, FileAccess.Write);
            stream.Write(System.Text.Encoding.ASCII.GetBytes(value.ToString(CultureInfo.InvariantCulture)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A controller that is not delegated has no file; LimitWatch then enforces the limit. Or the group was deleted.
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

    /// <summary>The folder of this process's group if the system has cgroup v2 and this process may create groups in it; else null.</summary>
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
