using System.Text;
using System.Text.Json;

namespace Sweeps.Log.Json;

/// <summary>
/// Remembers the strings that come again on every line of a log (metrics, parameters, nodes), so that a million events hold one copy of
/// each. A fixed table: a collision only costs the older string its place. Used by one thread at a time.
/// </summary>
internal sealed class Names
{
    private readonly (byte[] Utf8, string Text)[] table = new (byte[], string)[256];

    /// <summary>The reader's current string or property name.</summary>
    public string Get(ref Utf8JsonReader json)
    {
        var utf8 = json.ValueSpan;
        if (json.ValueIsEscaped || utf8.Length is 0 or > 64)
            return json.GetString()!;
        ref var entry = ref table[(utf8.Length * 31 + utf8[0] * 7 + utf8[^1] * 13) & 255];
        if (entry.Utf8 is null || !utf8.SequenceEqual(entry.Utf8))
            entry = (utf8.ToArray(), Encoding.UTF8.GetString(utf8));
        return entry.Text;
    }
}
