using System.Globalization;

namespace Sweeps.Log.Folder;

/// <summary>
/// One process at a time appends to a folder log: it holds an exclusively opened file, which the operating system lets go when the process
/// dies, however it dies.
/// </summary>
internal sealed class SweepLock : IDisposable
{
    private const int MaxAttempts = 20;

    private readonly FileStream file;
    private readonly string holder;

    private SweepLock(FileStream file, string holder)
    {
        this.file = file;
        this.holder = holder;
    }

    /// <summary>Takes the lock. Throws <see cref="SweepLockedException"/> when another process has it.</summary>
    public static SweepLock Take(string path, string sweep, DateTimeOffset now)
    {
        var file = Open(path, sweep);
        File.WriteAllText(HolderFile(path), string.Create(
            CultureInfo.InvariantCulture, $"process {Environment.ProcessId} on {Environment.MachineName} since {now:u}"));
        return new SweepLock(file, HolderFile(path));
    }

    /// <summary>Who holds the lock, in words; null when no process does. A process that was killed leaves its name behind, but not the lock.</summary>
    public static string? Holder(string path) => File.Exists(HolderFile(path)) && IsHeld(path) ? Read(HolderFile(path)) : null;

    /// <inheritdoc/>
    public void Dispose()
    {
        File.Delete(holder);
        file.Dispose();
    }

    private static string HolderFile(string path) => path + ".holder";

    /// <summary>A reader that asks <see cref="Holder"/> shares the lock for a moment, which must not look like another owner.</summary>
    private static FileStream Open(string path, string sweep)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e) when (e is not (FileNotFoundException or DirectoryNotFoundException))
            {
                if (attempt == MaxAttempts || IsHeld(path))
                    throw new SweepLockedException(sweep, Read(HolderFile(path)), e);
            }
        }
    }

    private static bool IsHeld(string path)
    {
        try
        {
            using var shared = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e is not (FileNotFoundException or DirectoryNotFoundException);
        }
    }

    private static string Read(string holder)
    {
        try
        {
            return File.ReadAllText(holder);
        }
        catch (IOException)
        {
            return "another process";
        }
    }
}

/// <summary>A sweep's folder is being written by another process.</summary>
public sealed class SweepLockedException(string sweep, string holder, Exception inner) : IOException(
    $"The sweep '{sweep}' is being run by {holder}. Watch it with `sweep watch {sweep}`, or end that process first.", inner)
{
    /// <summary>Who holds it, in words.</summary>
    public string Holder => holder;
}
