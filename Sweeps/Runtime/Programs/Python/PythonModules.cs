using System.Security.Cryptography;

namespace Sweeps.Programs.Python;

/// <summary>
/// The Python modules of this product, which are resources of the assembly and are unpacked for the programs of runs: <c>sweep_report</c> and
/// <c>sweep_script</c> into <see cref="Reports"/>, <c>wandb</c> into <see cref="Wandb"/>.
/// </summary>
/// <param name="Reports">The folder with <c>sweep_report.py</c>. It is on <c>PYTHONPATH</c> of every program.</param>
/// <param name="Wandb">The folder with the package <c>wandb</c>. It is on <c>PYTHONPATH</c> of programs that use <c>wandb</c>.</param>
public sealed record PythonModules(string Reports, string Wandb)
{
    private const string Prefix = "python/";

    private static readonly Lazy<IReadOnlyList<(string Path, byte[] Content)>> Files = new(Read);

    /// <summary>
    /// Writes the modules into a folder named after their content, unless it exists. Several processes may call it at the same time, and each version of the
    /// product has its own folder.
    /// </summary>
    /// <param name="folder">The folder for all versions, such as <c>python</c> in the home of the sweeps.</param>
    public static PythonModules Unpack(string folder)
    {
        var version = Path.Combine(Path.GetFullPath(folder), Version());
        if (!Directory.Exists(version))
        {
            var unfinished = $"{version}.{Guid.NewGuid():N}";
            foreach (var (path, content) in Files.Value)
            {
                var file = Path.Combine(unfinished, path);
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                File.WriteAllBytes(file, content);
            }
            try
            {
                Directory.Move(unfinished, version);
            }
            catch (IOException) when (Directory.Exists(version))
            {
                // Another process has created the folder meanwhile, with the same content.
                Directory.Delete(unfinished, recursive: true);
            }
        }
        return new PythonModules(Path.Combine(version, "reports"), Path.Combine(version, "wandb"));
    }

    private static string Version()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (path, content) in Files.Value)
        {
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes(path));
            hash.AppendData(content);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    private static IReadOnlyList<(string, byte[])> Read()
    {
        var assembly = typeof(PythonModules).Assembly;
        return [.. assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(name =>
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            // The names of a build on Windows may have backslashes.
            return (name[Prefix.Length..].Replace('\\', '/'), content);
        })];
    }
}
