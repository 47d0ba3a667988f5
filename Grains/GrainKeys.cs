using System.Globalization;

namespace Grains;

/// <summary>
/// The keys of grains. They begin with <c>s-</c> or <c>c-</c>, so that none parses as a number or a GUID: string keys that look like hexadecimal
/// integers collide in the ADO.NET tables.
/// </summary>
public static class GrainKeys
{
    /// <summary><c>s-SWEEP</c></summary>
    public static string Coordinator(string sweep) => $"s-{sweep}";

    /// <summary>Returns the sweep's id from the key of its coordinator.</summary>
    public static string Sweep(string coordinatorKey) => coordinatorKey["s-".Length..];

    /// <summary><c>c-SHA256</c></summary>
    public static string Code(string sha256) => $"c-{sha256}";

    /// <summary>Returns the hash from a key of <see cref="Code"/>.</summary>
    public static string CodeHash(string codeKey) => codeKey["c-".Length..];

    /// <summary><c>s-SWEEP/r000017/g2</c>; <c>s-SWEEP/r000017/g2/test</c> for an evaluation of the test part.</summary>
    public static string TrainingRun(string sweep, int run, int generation, bool test = false) =>
        string.Create(CultureInfo.InvariantCulture, $"s-{sweep}/r{run:000000}/g{generation}{(test ? "/test" : "")}");
}
