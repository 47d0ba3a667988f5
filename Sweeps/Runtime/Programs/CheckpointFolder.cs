using System.Formats.Tar;
using System.Globalization;

namespace Sweeps.Programs;

/// <summary>
/// The folder in which a program keeps its state, and the last copy of it that belongs to a known epoch. A copy is used only if the files did not
/// change while they were copied, so that an incomplete state never replaces a complete one.
/// </summary>
/// <param name="path">The folder.</param>
/// <param name="copy">The file of the copy, a tar archive.</param>
/// <param name="limit">The maximum size of the folder in bytes.</param>
internal sealed class CheckpointFolder(string path, string copy, long limit)
{
    /// <summary>The file in the folder with the epoch of its state, for programs whose reports do not state it.</summary>
    private const string EpochFile = "epoch";

    private string? marked;
    private int markedEpoch;

    /// <summary>The epoch of the copy, or 0 without one.</summary>
    public int Epoch { get; private set; }

    /// <summary>The reason why the last copy was refused or failed, or null.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Whether a state that is newer than the copy was marked.</summary>
    public bool HasNewer => markedEpoch > Epoch;

    /// <summary>The epoch in the file <c>epoch</c> of the folder, or null.</summary>
    public int? OwnEpoch
    {
        get
        {
            try
            {
                return int.TryParse(File.ReadAllText(Path.Combine(path, EpochFile)).Trim(), CultureInfo.InvariantCulture, out var epoch) ? epoch : null;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return null;
            }
        }
    }

    /// <summary>Records that the folder now has the state after an epoch.</summary>
    public void Mark(int epoch) => (marked, markedEpoch) = (Fingerprint(out _), epoch);

    /// <summary>Copies the folder if it still has the marked state, and replaces the earlier copy.</summary>
    public void Copy()
    {
        if (!HasNewer)
            return;
        var temporary = copy + ".new";
        try
        {
            if (marked is null || Fingerprint(out var size) != marked)
                return;
            if (size > limit)
            {
                Refusal = string.Create(CultureInfo.InvariantCulture, $"the checkpoint of epoch {markedEpoch} has {size:N0} bytes, more than limits.checkpoint ({limit:N0})");
                return;
            }
            TarFile.CreateFromDirectory(path, temporary, includeBaseDirectory: false);
            if (Fingerprint(out _) != marked)
                return;
            File.Move(temporary, copy, overwrite: true);
            (Epoch, Refusal) = (markedEpoch, null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // The program is changing its files, or the disk is full. The earlier copy stays.
            Refusal = $"the checkpoint of epoch {markedEpoch} could not be copied: {e.Message}";
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Writes the copy to a stream; nothing without a copy.</summary>
    public void Save(Stream destination)
    {
        if (Epoch == 0)
            return;
        using var file = File.OpenRead(copy);
        file.CopyTo(destination);
    }

    /// <summary>Replaces folder and copy by a saved copy. Throws <see cref="InvalidDataException"/> if it is damaged.</summary>
    public void Load(int epoch, Stream source)
    {
        using (var file = File.Create(copy))
            source.CopyTo(file);
        (Epoch, markedEpoch) = (epoch, epoch);
        Restore();
    }

    /// <summary>Replaces the content of the folder by that of the copy; empties the folder without a copy.</summary>
    public void Restore()
    {
        if (Directory.Exists(path))
            Directory.Delete(path, recursive: true);
        Directory.CreateDirectory(path);
        if (Epoch > 0)
            TarFile.ExtractToDirectory(copy, path, overwriteFiles: true);
    }

    /// <summary>Returns the names, sizes and times of all files; null if the program deletes files meanwhile.</summary>
    private string? Fingerprint(out long size)
    {
        size = 0;
        var lines = new List<string>();
        try
        {
            foreach (var file in new DirectoryInfo(path).EnumerateFiles("*", SearchOption.AllDirectories))
            {
                size += file.Length;
                lines.Add(string.Create(CultureInfo.InvariantCulture, $"{file.FullName}|{file.Length}|{file.LastWriteTimeUtc.Ticks}"));
            }
        }
        catch (IOException)
        {
            return null;
        }
        lines.Sort(StringComparer.Ordinal);
        return string.Join('\n', lines);
    }
}
