using System.Globalization;

namespace Sweeps.Log.Folder;

/// <summary>
/// The lock of a sweep's folder, so that only one process appends to its log. It is a file that is opened exclusively; the operating system releases
/// it when the process ends for any reason.
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

    /// <summary>Takes the lock. Throws <see cref="SweepLockedException"/> if another process holds it.</summary>
    public static SweepLock Take(string path, string sweep, DateTimeOffset now)
    {
        var file = Open(path, sweep);
        try
        {
            File.WriteAllText(HolderFile(path), string.Create(
                CultureInfo.InvariantCulture, $"process {Environment.ProcessId} on {Environment.MachineName} since {now:u}"));
            return new SweepLock(file, HolderFile(path));
        }
        catch
        {
            // For instance because the disk is full. Without this line the lock of this attempt would refuse the next one.
            file.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Describes the process that holds the lock; null if none does. A killed process leaves the file with its description but not the lock, so both are
    /// checked.
    /// </summary>
    public static string? Holder(string path) => File.Exists(HolderFile(path)) && IsHeld(path) ? Read(HolderFile(path)) : null;

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            File.Delete(holder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The folder was deleted or may not be written. A description without a held lock is ignored.
        }
        file.Dispose();
    }

    private static string HolderFile(string path) => path + ".holder";

    /// <summary>Opens the lock file. Retries, because <see cref="Holder"/> in another process opens it briefly without holding the lock.</summary>
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

/// <summary>Another process holds the lock of the sweep.</summary>
public sealed class SweepLockedException(string sweep, string holder, Exception inner) : IOException(
    $"The sweep '{sweep}' is being run by {holder}. Watch it with `sweep watch {sweep}`, or end that process first.", inner)
{
    /// <summary>Describes the process that holds the lock.</summary>
    public string Holder => holder;
}
