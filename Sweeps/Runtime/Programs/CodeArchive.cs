using System.Diagnostics;
using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Sweeps.Programs;

/// <summary>
/// The files of a folder that git tracks or would add, as a compressed tar archive. The same files give the same bytes. Ignored files and files whose
/// name is usual for secrets are left out.
/// </summary>
/// <param name="Bytes">The archive.</param>
/// <param name="Files">The paths in the archive, relative to the folder.</param>
/// <param name="LeftOut">The paths that git lists but that are not in the archive.</param>
/// <param name="Commit">The commit that is checked out, with <c>+changes</c> if files differ from it; null before the first commit.</param>
public sealed record CodeArchive(byte[] Bytes, IReadOnlyList<string> Files, IReadOnlyList<string> LeftOut, string? Commit)
{
    /// <summary>The maximum total size of the files of an archive in bytes.</summary>
    public const long MaxBytes = 100_000_000;

    private static readonly string[] SecretNames = [".netrc", ".pypirc", ".git-credentials", ".pgpass", "id_rsa", "id_dsa", "id_ecdsa", "id_ed25519"];
    private static readonly string[] SecretExtensions = [".pem", ".key", ".p12", ".pfx", ".kdbx"];

    /// <summary>The name of the archive: the SHA-256 of its bytes in hexadecimal digits.</summary>
    public string Sha256 { get; } = Convert.ToHexStringLower(SHA256.HashData(Bytes));

    /// <summary>
    /// Packs a folder. Throws <see cref="ProgramException"/> if the folder is not in a git repository, or the files together are larger than
    /// <see cref="MaxBytes"/>.
    /// </summary>
    public static async Task<CodeArchive> PackAsync(string folder, CancellationToken cancel)
    {
        var (listed, problem) = await GitAsync(folder, cancel, "ls-files", "-z", "--cached", "--others", "--exclude-standard");
        if (listed is null)
            throw new ProgramException($"git cannot list the files of {folder}: {problem}. What is sent is what git tracks or would add; in a new folder: git init", permanent: true);
        var paths = listed.Split('\0', StringSplitOptions.RemoveEmptyEntries).Distinct().Order(StringComparer.Ordinal).ToList();
        var plain = paths.Where(path => !IsSecret(path) && new FileInfo(Path.Combine(folder, path)) is { Exists: true, LinkTarget: null }).ToHashSet(StringComparer.Ordinal);
        var (files, leftOut) = (new List<(string Path, string Source)>(), new List<string>());
        foreach (var path in paths)
            if (plain.Contains(path))
                files.Add((path, path));
            else if (!IsSecret(path) && CopiesOf(folder, path, plain) is { Count: > 0 } copies)
                files.AddRange(copies);
            else if (Path.Exists(Path.Combine(folder, path)))
                leftOut.Add(path);
        var sizes = files.ToDictionary(file => file.Path, file => new FileInfo(Path.Combine(folder, file.Source)).Length);
        if (sizes.Values.Sum() is var size and > MaxBytes)
            throw new ProgramException(string.Create(CultureInfo.InvariantCulture,
                $"The files of {folder} have {size / 1e6:N0} MB; at most {MaxBytes / 1e6:N0} MB are sent. Let git ignore data and results (the largest: {sizes.MaxBy(file => file.Value).Key})."), permanent: true);
        return new CodeArchive(Pack(folder, files), [.. files.Select(file => file.Path)], leftOut, await CommitAsync(folder, cancel));
    }

    /// <summary>
    /// Writes the files of an archive into a folder. Throws <see cref="InvalidDataException"/> for an archive that <see cref="PackAsync"/> does not
    /// write: with other entries than files, with paths that leave the folder, or larger than <see cref="MaxBytes"/>.
    /// </summary>
    public static void Unpack(ReadOnlyMemory<byte> archive, string folder)
    {
        var root = Root(folder);
        Directory.CreateDirectory(root);
        using var compressed = new MemoryStream(archive.ToArray(), writable: false);
        using var plain = new GZipStream(compressed, CompressionMode.Decompress);
        using var tar = new TarReader(plain);
        for (var left = MaxBytes; tar.GetNextEntry() is { } entry;)
        {
            var path = Path.GetFullPath(entry.Name, root);
            if (entry.EntryType != TarEntryType.RegularFile || !path.StartsWith(root, StringComparison.Ordinal) || (left -= entry.Length) < 0)
                throw new InvalidDataException($"The archive of the code has an entry that no archive of this product has: {entry.Name}");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            entry.ExtractToFile(path, overwrite: false);
        }
    }

    private static byte[] Pack(string folder, IEnumerable<(string Path, string Source)> files)
    {
        using var bytes = new MemoryStream();
        using (var compressed = new GZipStream(bytes, CompressionLevel.Optimal))
        using (var tar = new TarWriter(compressed, TarEntryFormat.Gnu))
            foreach (var (path, source) in files)
            {
                var full = Path.Combine(folder, source);
                using var content = File.OpenRead(full);
                // Fixed times and no owners, so that the same files give the same archive.
                tar.WriteEntry(new GnuTarEntry(TarEntryType.RegularFile, path)
                {
                    DataStream = content, ModificationTime = DateTimeOffset.UnixEpoch, AccessTime = DateTimeOffset.UnixEpoch, ChangeTime = DateTimeOffset.UnixEpoch,
                    Mode = Executables.IsExecutable(full) ? (UnixFileMode)0b111_101_101 : (UnixFileMode)0b110_100_100,
                });
            }
        return bytes.ToArray();
    }

    private static bool IsSecret(string path) => Path.GetFileName(path) is var name
        && (name == ".env" || name.StartsWith(".env.", StringComparison.Ordinal) || SecretNames.Contains(name) || SecretExtensions.Contains(Path.GetExtension(name).ToLowerInvariant()));

    /// <summary>
    /// Returns the files that are packed in the place of a symbolic link, with the files that they copy: the one that it leads to, or those of the folder that
    /// it leads to. Only files of <paramref name="plain"/> are copied, because a link could lead to a secret file or out of the folder. Empty for a folder
    /// that contains the link.
    /// </summary>
    private static List<(string Path, string Source)> CopiesOf(string folder, string path, IEnumerable<string> plain)
    {
        var full = Path.Combine(folder, path);
        FileSystemInfo link = Directory.Exists(full) ? new DirectoryInfo(full) : new FileInfo(full);
        try
        {
            if (link.ResolveLinkTarget(returnFinalTarget: true) is not { } final)
                return [];
            var target = Path.GetRelativePath(folder, Path.TrimEndingDirectorySeparator(final.FullName)).Replace(Path.DirectorySeparatorChar, '/');
            return path.StartsWith(target + '/', StringComparison.Ordinal) ? [] : [.. plain
                .Where(file => file == target || file.StartsWith(target + '/', StringComparison.Ordinal))
                .Order(StringComparer.Ordinal).Select(file => (path + file[target.Length..], file))];
        }
        catch (IOException)
        {
            // The link leads in a circle.
            return [];
        }
    }

    /// <summary>The full path of a folder with one separator at its end, also if the folder is given with one.</summary>
    private static string Root(string folder) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + Path.DirectorySeparatorChar;

    private static async Task<string?> CommitAsync(string folder, CancellationToken cancel)
    {
        var (commit, _) = await GitAsync(folder, cancel, "rev-parse", "--short=12", "HEAD");
        var (changes, _) = await GitAsync(folder, cancel, "status", "--porcelain", "--", ".");
        return commit is null ? null : commit.Trim() + (changes is { Length: > 0 } ? "+changes" : "");
    }

    /// <summary>Runs git and returns its output; null and the first line of its errors if it fails.</summary>
    private static async Task<(string? Output, string Problem)> GitAsync(string folder, CancellationToken cancel, params string[] arguments)
    {
        var start = new ProcessStartInfo("git", ["-C", folder, .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, StandardOutputEncoding = new UTF8Encoding(false),
        };
        try
        {
            using var git = Process.Start(start)!;
            var errors = git.StandardError.ReadToEndAsync(cancel);
            var output = await git.StandardOutput.ReadToEndAsync(cancel);
            await git.WaitForExitAsync(cancel);
            return git.ExitCode == 0 ? (output, "") : (null, (await errors).Trim().Split('\n')[0].TrimEnd('.'));
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            return (null, missing.Message);
        }
    }
}
