using System.Formats.Tar;
using System.Globalization;

namespace Sweeps.Programs;

/// <summary>
/// The folder in which a program keeps its state, and the last copy of it that belongs to a known epoch. A copy counts only when the files did
/// not change while they were copied; a half-written state never replaces a whole one.
/// </summary>
/// <param name="path">The folder.</param>
/// <param name="copy">The file of the copy, a tar archive.</param>
/// <param name="limit">The most bytes of the folder.</param>
internal sealed class CheckpointFolder(string path, string copy, long limit)
{
    /// <summary>A file of the folder with the epoch whose state it holds, for programs whose reports do not say so.</summary>
    private const string EpochFile = "epoch";

    private string? marked;
    private int markedEpoch;

    /// <summary>The epoch of the copy, or 0 without one.</summary>
    public int Epoch { get; private set; }

    /// <summary>Why the last copy was refused, or null.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Whether a newer state than that of the copy was marked.</summary>
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

    /// <summary>Says that the folder now holds the state after an epoch.</summary>
    public void Mark(int epoch) => (marked, markedEpoch) = (Fingerprint(out _), epoch);

    /// <summary>Copies the folder if it still holds the marked state, and replaces the earlier copy by the new one.</summary>
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
            // The program changes its files at this moment, or the disk is full: the earlier copy stays.
            Refusal = $"the checkpoint of epoch {markedEpoch} could not be copied: {e.Message}";
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Writes the copy.</summary>
    public void Save(Stream destination)
    {
        if (Epoch == 0)
            return;
        using var file = File.OpenRead(copy);
        file.CopyTo(destination);
    }

    /// <summary>Replaces folder and copy by a saved copy. Throws <see cref="InvalidDataException"/> when it is damaged.</summary>
    public void Load(int epoch, Stream source)
    {
        using (var file = File.Create(copy))
            source.CopyTo(file);
        (Epoch, markedEpoch) = (epoch, epoch);
        Restore();
    }

    /// <summary>Makes the folder hold what the copy holds; empty without a copy.</summary>
    public void Restore()
    {
        if (Directory.Exists(path))
            Directory.Delete(path, recursive: true);
        Directory.CreateDirectory(path);
        if (Epoch > 0)
            TarFile.ExtractToDirectory(copy, path, overwriteFiles: true);
    }

    /// <summary>Names, sizes and times of all files; null while the program changes them.</summary>
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
