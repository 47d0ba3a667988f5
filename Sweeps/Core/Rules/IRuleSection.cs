namespace Sweeps.Core.Rules;

/// <summary>
/// The map of a rule in a sweep file. What is taken is what is allowed. A value of the wrong kind is reported with its place and reads as
/// null, like a key that is absent.
/// </summary>
public interface IRuleSection
{
    /// <summary>Whether a key is there, right or wrong.</summary>
    bool Has(string key);

    /// <summary>An integer from <paramref name="min"/> to <paramref name="max"/>, or null.</summary>
    long? TakeInteger(string key, long min, long max);

    /// <summary>A number of epochs, or null.</summary>
    int? TakeEpochs(string key) => (int?)TakeInteger(key, 1, SweepSpec.LargestEpochs);

    /// <summary>A finite number, or null.</summary>
    /// <param name="key">The key.</param>
    /// <param name="valid">What the number must fulfil.</param>
    /// <param name="expected">The same in words: <c>a number above 1</c>.</param>
    double? TakeNumber(string key, Func<double, bool> valid, string expected);

    /// <summary>True, false or null.</summary>
    bool? TakeBoolean(string key);

    /// <summary>The value of one of a few words, or null.</summary>
    T? TakeWord<T>(string key, IReadOnlyDictionary<string, T> words) where T : struct;

    /// <summary>Reports a mistake at a key, or at the section where it is null or absent.</summary>
    void Mistake(string? key, string message);

    /// <summary>Reports a warning at a key, or at the section where it is null or absent.</summary>
    void Warn(string? key, string message);
}
