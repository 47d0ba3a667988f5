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
    private bool restored;

    /// <summary>The epoch of the copy, or 0 without one.</summary>
    public int Epoch { get; private set; }

    /// <summary>The reason why the last copy was refused or failed, or null.</summary>
    public string? Refusal { get; private set; }

    /// <summary>A sentence about files that the copy lacks, or null.</summary>
    public string? Lack { get; private set; }

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
    public void Mark(int epoch)
    {
        (marked, markedEpoch) = (null, epoch);
        try
        {
            marked = Fingerprint(out _);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The program is changing its files, or has made them inaccessible.
            Refusal = Failed(e);
        }
    }

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
            var leftOut = CheckpointArchive.Pack(path, temporary);
            if (Fingerprint(out _) != marked)
                return;
            File.Move(temporary, copy, overwrite: true);
            (Epoch, Refusal) = (markedEpoch, null);
            Lack = leftOut.Count == 0 ? null : $"the checkpoint is kept without sockets, named pipes and devices: {ProgramFiles.Some(leftOut)}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // The program is changing its files, or the disk is full. The earlier copy stays.
            Refusal = Failed(e);
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
        restored = true;
    }

    /// <summary>
    /// Prepares the folder for the start of a process: replaces its content by that of the copy, or empties it without a copy. After <see cref="Load"/> it has
    /// that content already.
    /// </summary>
    public void Open()
    {
        if (!restored)
            Restore();
        restored = false;
    }

    private void Restore()
    {
        ProgramFiles.Empty(path);
        if (Epoch > 0)
            CheckpointArchive.Unpack(copy, path);
    }

    private string Failed(Exception e) => $"the checkpoint of epoch {markedEpoch} could not be copied: {e.Message}";

    /// <summary>Returns the names, sizes and times of all files, and the names and targets of links.</summary>
    private string Fingerprint(out long size)
    {
        size = 0;
        var lines = new List<string>();
        foreach (var entry in ProgramFiles.In(path))
            if (ProgramFiles.IsLink(entry))
            {
                lines.Add($"{entry.FullName}|{entry.LinkTarget}");
            }
            else if (entry is FileInfo file)
            {
                size += file.Length;
                lines.Add(string.Create(CultureInfo.InvariantCulture, $"{file.FullName}|{file.Length}|{file.LastWriteTimeUtc.Ticks}"));
            }
        lines.Sort(StringComparer.Ordinal);
        return string.Join('\n', lines);
    }
}
