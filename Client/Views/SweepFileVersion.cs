using Client.Steering;

namespace Client.Views;

/// <summary>A sweep file that a sweep was created with or extended to.</summary>
/// <param name="At">Since when it holds.</param>
/// <param name="By">Who put it in place.</param>
/// <param name="Why">Their words, may be empty.</param>
/// <param name="Text">The file.</param>
public sealed record SweepFileVersion(DateTimeOffset At, string By, string Why, string Text)
{
    /// <summary>The keys that differ from an earlier version, with both values; null where a version lacks the key.</summary>
    public IReadOnlyList<(string Key, string? Before, string? After)> Since(SweepFileVersion earlier)
    {
        var (before, after) = (SpecEdit.Values(earlier.Text), SpecEdit.Values(Text));
        return
        [
            .. after.Where(pair => before.GetValueOrDefault(pair.Key) != pair.Value).Select(pair => (pair.Key, before.GetValueOrDefault(pair.Key), (string?)pair.Value)),
            .. before.Where(pair => !after.ContainsKey(pair.Key)).Select(pair => (pair.Key, (string?)pair.Value, (string?)null)),
        ];
    }
}
