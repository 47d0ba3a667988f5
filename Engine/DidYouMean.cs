namespace Engine;

/// <summary>Suggests the most similar known word for an unknown one.</summary>
public static class DidYouMean
{
    private const int MaxDistance = 2;

    /// <summary>
    /// The candidate with the smallest edit distance (Levenshtein, ignoring case) if that is at most 2 and less than the candidate's length;
    /// the first one of equal distance. Null when there is none.
    /// </summary>
    public static string? To(string word, IEnumerable<string> candidates) => candidates
        .Select(candidate => (candidate, distance: Distance(word.ToUpperInvariant(), candidate.ToUpperInvariant())))
        .Where(pair => pair.distance <= Math.Min(MaxDistance, pair.candidate.Length - 1))
        .OrderBy(pair => pair.distance)
        .Select(pair => pair.candidate)
        .FirstOrDefault();

    /// <summary>"Did you mean 'x'?", or a sentence that lists all candidates.</summary>
    public static string Hint(string word, IReadOnlyCollection<string> candidates) => To(word, candidates) is { } nearest
        ? $"Did you mean '{nearest}'?"
        : $"Expected one of: {string.Join(", ", candidates.Distinct())}.";

    private static int Distance(string a, string b)
    {
        var previous = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var current = new int[b.Length + 1];
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
                current[j] = Math.Min(Math.Min(current[j - 1], previous[j]) + 1, previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
            previous = current;
        }
        return previous[b.Length];
    }
}
