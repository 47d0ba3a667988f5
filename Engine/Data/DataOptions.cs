namespace Engine.Data;

/// <summary>
/// The places where data sets are searched, in this order: <see cref="Folders"/>, then <see cref="CacheFolder"/>, then the network.
/// </summary>
public sealed record DataOptions
{
    /// <summary>The environment variable that names a folder of data sets.</summary>
    public const string FolderVariable = "SWEEP_DATA";

    /// <summary>
    /// Folders that contain a data set's files directly or in a subfolder with its name (<c>fashion-mnist/</c>). Searched in order.
    /// </summary>
    public IReadOnlyList<string> Folders { get; init; } = [];

    /// <summary>The folder of downloads, with one subfolder per data set. Null: nothing is cached or downloaded.</summary>
    public string? CacheFolder { get; init; }

    /// <summary>Whether a data set found in no folder may be downloaded. Default: true.</summary>
    public bool Download { get; init; } = true;

    /// <summary>
    /// The options for a command: its <c>--data</c> folder, then the folder in <see cref="FolderVariable"/>, and the user's cache folder
    /// (<c>sweep/data</c> in <c>$XDG_CACHE_HOME</c>, else in <c>~/.cache</c>, or on Windows in the folder for local application data).
    /// Throws <see cref="DatasetNotFoundException"/> when a named folder does not exist.
    /// </summary>
    /// <param name="dataFolder">The command's <c>--data</c> option, or null.</param>
    /// <param name="environment">Reads an environment variable; the process's own by default.</param>
    public static DataOptions FromEnvironment(string? dataFolder = null, Func<string, string?>? environment = null)
    {
        environment ??= Environment.GetEnvironmentVariable;
        string[] folders = [.. new[] { dataFolder, environment(FolderVariable) }.OfType<string>().Where(f => f.Length > 0)];
        foreach (var folder in folders.Where(f => !Directory.Exists(f)))
            throw new DatasetNotFoundException($"The data folder '{folder}' does not exist: create it, or correct --data or {FolderVariable}.");

        return new DataOptions { Folders = folders, CacheFolder = Path.Combine(CacheRoot(environment), "sweep", "data") };
    }

    private static string CacheRoot(Func<string, string?> environment) =>
        environment("XDG_CACHE_HOME") is { Length: > 0 } xdg ? xdg
        : OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
}
