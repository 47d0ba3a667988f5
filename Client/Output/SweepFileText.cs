using System.Globalization;
using System.Text;
using Client.Views;

namespace Client.Output;

/// <summary>
/// The current sweep file, followed by the changes of each extension as YAML comments, so that the text is still a valid sweep file.
/// </summary>
public static class SweepFileText
{
    public static string Of(SweepHistory history)
    {
        var text = new StringBuilder(history.Files[^1].Text.TrimEnd()).Append("\n\n");
        var before = history.Files[0];
        text.Append(CultureInfo.InvariantCulture, $"# {before.At:u} {before.By} created the sweep");
        foreach (var file in history.Files.Skip(1))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n# {file.At:u} {file.By} extended it{(file.Why.Length > 0 ? $": {file.Why.ReplaceLineEndings(" ")}" : "")}");
            foreach (var (key, old, now) in file.Since(before))
                text.Append(CultureInfo.InvariantCulture, $"\n#   {key}: {old ?? "(absent)"} → {now ?? "(absent)"}");
            before = file;
        }
        return text.ToString();
    }

    /// <summary><c>{sweep, file, versions: [{at, by, why, changes: [{key, before, after}]}]}</c></summary>
    public static string Json(SweepHistory history) => SweepJson.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("sweep", history.Sweep);
        json.WriteString("file", history.Files[^1].Text);
        json.WriteStartArray("versions");
        var before = history.Files[0];
        foreach (var file in history.Files)
        {
            json.WriteStartObject();
            json.WriteString("at", file.At.UtcDateTime);
            json.WriteString("by", file.By);
            json.WriteString("why", file.Why);
            json.WriteStartArray("changes");
            foreach (var (key, old, now) in file.Since(before))
            {
                json.WriteStartObject();
                json.WriteString("key", key);
                json.WriteString("before", old);
                json.WriteString("after", now);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
            before = file;
        }
        json.WriteEndArray();
        json.WriteEndObject();
    });
}
