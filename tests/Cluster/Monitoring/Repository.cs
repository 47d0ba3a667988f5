namespace Cluster.Monitoring;

/// <summary>The checkout that the tests run from.</summary>
internal static class Repository
{
    private static readonly string Root = Find(AppContext.BaseDirectory);

    /// <summary>The full path of a file or folder of the repository.</summary>
    public static string Path(string relative) => System.IO.Path.Combine(Root, relative);

    private static string Find(string folder) => File.Exists(System.IO.Path.Combine(folder, "Distributed.sln"))
        ? folder
        : Find(Directory.GetParent(folder)?.FullName ?? throw new DirectoryNotFoundException("The tests run outside the repository."));
}
