namespace Tests.Shared;

/// <summary>The folder of real data sets (fashion-mnist/, mnist/, taskset/) that the tests may use.</summary>
public static class RealData
{
    /// <summary>The reason why tests on real data are skipped, or null.</summary>
    public static string? Missing { get; } = Reason(Environment.GetEnvironmentVariable("SWEEP_DATA"));

    /// <summary>The folder of the data sets. Use it only in tests that are skipped without it.</summary>
    public static string Folder => Missing is null
        ? Environment.GetEnvironmentVariable("SWEEP_DATA")!
        : throw new InvalidOperationException(Missing + " Mark the test [DataFact] or [DataTheory].");

    private static string? Reason(string? folder) =>
        string.IsNullOrEmpty(folder) ? "SWEEP_DATA is not set: it names the folder that holds fashion-mnist/, mnist/ and taskset/."
        : Directory.Exists(folder) ? null
        : $"SWEEP_DATA names '{folder}', which does not exist.";
}
