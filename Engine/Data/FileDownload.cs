using System.Net;
using System.Security.Cryptography;

namespace Engine.Data;

/// <summary>Downloads published files, checks their SHA-256 and writes each completely or not at all.</summary>
internal static class FileDownload
{
    /// <summary>
    /// Downloads the missing files of a data set into a folder, each from the first address that works. Throws
    /// <see cref="DatasetNotFoundException"/> when none does.
    /// </summary>
    public static void Fetch(
        PublishedDataset dataset, string folder, HttpMessageHandler handler, IProgress<DownloadProgress>? progress, CancellationToken cancel)
    {
        Directory.CreateDirectory(folder);
        using var http = new HttpClient(handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
        foreach (var file in dataset.Files)
        {
            if (!File.Exists(Path.Combine(folder, file.Name)))
                FetchFromAny(dataset, file, folder, http, progress, cancel);
        }
    }

    private static void FetchFromAny(
        PublishedDataset dataset, PublishedFile file, string folder, HttpClient http, IProgress<DownloadProgress>? progress, CancellationToken cancel)
    {
        var failures = new List<Exception>();
        foreach (var address in dataset.Addresses)
        {
            try
            {
                FetchFrom(new Uri(address, file.Name), file, folder, http, progress, cancel);
                return;
            }
            catch (Exception e) when (e is HttpRequestException or IOException && !cancel.IsCancellationRequested)
            {
                failures.Add(e);
            }
        }

        var reasons = string.Join(" ", failures.Select(f => $"[{f.Message}]"));
        throw new DatasetNotFoundException(
            $"{dataset.Name}: {file.Name} is in no data folder and could not be downloaded. {reasons} "
            + $"Put the four files into a folder '{dataset.Name}' and name its parent with --data or {DataOptions.FolderVariable}.",
            new AggregateException(failures));
    }

    private static void FetchFrom(
        Uri address, PublishedFile file, string folder, HttpClient http, IProgress<DownloadProgress>? progress, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address) { VersionPolicy = HttpVersionPolicy.RequestVersionOrLower };
        using var response = http.Send(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        if (response.StatusCode != HttpStatusCode.OK)
            throw new DataFileException(address.ToString(), null, $"the server answered {(int)response.StatusCode}", "200 and the file");

        using var source = response.Content.ReadAsStream(cancel);
        AtomicFile.Write(Path.Combine(folder, file.Name), destination => Copy(source, destination, address, file, progress, cancel));
    }

    private static void Copy(
        Stream source, Stream destination, Uri address, PublishedFile file, IProgress<DownloadProgress>? progress, CancellationToken cancel)
    {
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 16];
        long bytes = 0;
        for (int read; (read = source.Read(buffer)) > 0;)
        {
            cancel.ThrowIfCancellationRequested();
            bytes += read;
            if (bytes > file.Bytes)
                throw new DataFileException(address.ToString(), $"byte {file.Bytes}", "more bytes", "the end of the published file");

            destination.Write(buffer, 0, read);
            sha256.AppendData(buffer, 0, read);
            progress?.Report(new DownloadProgress(file.Name, bytes, file.Bytes));
        }

        var hash = Convert.ToHexStringLower(sha256.GetHashAndReset());
        if (hash != file.Sha256)
            throw new DataFileException(address.ToString(), $"{bytes:N0} bytes", $"SHA-256 {hash}", $"{file.Sha256}, the published file");
    }
}

/// <summary>The progress of a download.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Bytes">Bytes received.</param>
/// <param name="Total">Bytes of the whole file.</param>
public sealed record DownloadProgress(string File, long Bytes, long Total);
