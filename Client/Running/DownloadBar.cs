using System.Globalization;
using Client.Rendering;
using Engine.Data;

namespace Client.Running;

/// <summary>How far a download is: one line on standard error that writes over itself, or a line per file when nobody looks.</summary>
/// <param name="terminal">Where it writes.</param>
public sealed class DownloadBar(Terminal terminal) : IProgress<DownloadProgress>
{
    private const int Cells = 24;
    private string? file;
    private bool open;
    private long shown;

    /// <inheritdoc/>
    public void Report(DownloadProgress value)
    {
        var writer = terminal.Error.Profile.Out.Writer;
        var live = terminal.Error.Profile.Capabilities.Interactive;
        if (value.File != file)
        {
            Done();
            (file, shown) = (value.File, 0);
            if (!live)
                writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Downloading {value.File} ({value.Total / 1e6:0.0} MB) …"));
        }
        // About a hundred pictures per file are smooth enough.
        if (!live || (value.Bytes < value.Total && value.Bytes - shown < value.Total / 100))
            return;
        shown = value.Bytes;
        open = true;
        var (done, left) = EpochBar.Cells((int)(value.Bytes / 1024), (int)Math.Max(1, value.Total / 1024), Cells);
        writer.Write(string.Create(CultureInfo.InvariantCulture, $"\r  {done}{left}  {value.Bytes / 1e6,6:0.0} of {value.Total / 1e6:0.0} MB  {value.File}"));
    }

    /// <summary>Ends the line.</summary>
    public void Done()
    {
        if (open)
            terminal.Error.Profile.Out.Writer.WriteLine();
        open = false;
    }
}
