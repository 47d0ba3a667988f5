using System.Net;
using System.Security.Cryptography;

namespace Engine.Data;

/// <summary>Downloads published files, checks their SHA-256 and writes each completely or not at all.</summary>
/// <param name="http">Sends the requests. Its time limit must be infinite, because it would limit the whole download.</param>
/// <param name="patience">The longest time without a byte from a server.</param>
/// <param name="progress">Receives the progress; may be null.</param>
/// <param name="cancel">Cancels the download.</param>
internal sealed class FileDownload(HttpClient http, TimeSpan patience, IProgress<DownloadProgress>? progress, CancellationToken cancel)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Downloads the missing files of a data set into a folder, each from the first address that works. Throws
    /// <see cref="DatasetNotFoundException"/> when none does.
    /// </summary>
    public static void Fetch(
        PublishedDataset dataset, string folder, HttpMessageHandler handler, IProgress<DownloadProgress>? progress, CancellationToken cancel,
        TimeSpan? patience = null)
    {
        Directory.CreateDirectory(folder);
        using var http = new HttpClient(handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
        var download = new FileDownload(http, patience ?? Patience, progress, cancel);
        foreach (var file in dataset.Files)
        {
            if (!File.Exists(Path.Combine(folder, file.Name)))
                download.FetchFromAny(dataset, file, folder);
        }
    }

    private void FetchFromAny(PublishedDataset dataset, PublishedFile file, string folder)
    {
        var failures = new List<Exception>();
        foreach (var address in dataset.Addresses)
        {
            try
            {
                FetchFrom(new Uri(address, file.Name), file, folder);
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

    private void FetchFrom(Uri address, PublishedFile file, string folder)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(patience);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address) { VersionPolicy = HttpVersionPolicy.RequestVersionOrLower };
            using var response = http.Send(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            if (response.StatusCode != HttpStatusCode.OK)
                throw new DataFileException(address.ToString(), null, $"the server answered {(int)response.StatusCode}", "200 and the file");

            using var source = response.Content.ReadAsStream(limit.Token);
            AtomicFile.Write(Path.Combine(folder, file.Name), destination => Copy(source, destination, address, file, limit));
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw new DataFileException(address.ToString(), null, $"the server sent nothing for {patience.TotalSeconds:0.#} s", "the published file", e);
        }
    }

    private void Copy(Stream source, Stream destination, Uri address, PublishedFile file, CancellationTokenSource limit)
    {
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 16];
        long bytes = 0;
        // Only an asynchronous read can be cancelled: a synchronous one waits forever for a server that has stopped sending.
        for (int read; (read = source.ReadAsync(buffer, limit.Token).AsTask().GetAwaiter().GetResult()) > 0; limit.CancelAfter(patience))
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
