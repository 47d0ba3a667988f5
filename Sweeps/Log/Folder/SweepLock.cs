using System.Globalization;

namespace Sweeps.Log.Folder;

/// <summary>
/// One process at a time appends to a folder log: it holds an exclusively opened file, which the operating system lets go when the process
/// dies, however it dies.
/// </summary>
internal sealed class SweepLock : IDisposable
{
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
        var holder = path + ".holder";
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e is not (FileNotFoundException or DirectoryNotFoundException))
        {
            throw new SweepLockedException(sweep, Read(holder), e);
        }
        File.WriteAllText(holder, string.Create(
            CultureInfo.InvariantCulture, $"process {Environment.ProcessId} on {Environment.MachineName} since {now:u}"));
        return new SweepLock(file, holder);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        File.Delete(holder);
        file.Dispose();
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
