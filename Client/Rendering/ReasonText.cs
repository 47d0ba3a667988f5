using System.Globalization;
using System.Text;
using Sweeps.Core;

namespace Client.Rendering;

/// <summary>A reason of the log in one line: <c>asha at epoch 3: 7th of 20, 0.8123 against 0.8430</c>.</summary>
public static class ReasonText
{
    /// <summary>The line.</summary>
    public static string Of(Reason reason)
    {
        var text = new StringBuilder(reason.Rule);
        if (reason.Rung is { } rung)
            text.Append(CultureInfo.InvariantCulture, $" at epoch {rung}");
        var numbers = new List<string>();
        if (reason.Rank is { } rank && reason.Count is { } count)
            numbers.Add($"place {rank} of {count}");
        if (reason.Value is { } value)
            numbers.Add(reason.Cutoff is { } cutoff ? $"{Words.Metric(value)} against {Words.Metric(cutoff)}" : Words.Metric(value));
        if (reason.Detail is { Length: > 0 } detail)
            numbers.Add(detail);
        return numbers.Count == 0 ? text.ToString() : text.Append(": ").AppendJoin(", ", numbers).ToString();
    }
}
