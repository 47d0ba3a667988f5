namespace Tests.Shared;

/// <summary>A temporary folder of one test, deleted with its content when disposed.</summary>
public sealed class TemporaryFolder : IDisposable
{
    /// <summary>The folder's full path.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("sweep-test-").FullName;

    /// <summary>The path of a file or folder in this folder.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
