using System.Net;
using System.Security.Cryptography;
using Engine.Data;
using Tests.Shared;

namespace Engine.Tests.Data;

public sealed class DownloadTests : IDisposable
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, 200_000).Select(i => (byte)(i * 7))];

    private static readonly PublishedDataset Dataset = new(
        "d",
        [new("http://first.example/"), new("http://second.example/")],
        ["a"],
        [new("file.gz", Content.Length, Convert.ToHexStringLower(SHA256.HashData(Content)))],
        "");

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_file_arrives_whole_with_its_progress()
    {
        var progress = new Kept();
        Fetch(new Server { Answers = { ["first.example"] = Content } }, progress);

        Assert.Equal(Content, File.ReadAllBytes(folder["file.gz"]));
        Assert.Equal(new DownloadProgress("file.gz", Content.Length, Content.Length), progress.Last);
    }

    [Fact]
    public void The_second_address_serves_when_the_first_fails_or_sends_something_else()
    {
        var changed = (byte[])Content.Clone();
        changed[1000]++;
        foreach (var wrong in new byte[]?[] { null, changed, Content[..^1], [.. Content, 1] })
        {
            var server = new Server { Answers = { ["second.example"] = Content } };
            if (wrong is not null)
                server.Answers["first.example"] = wrong;
            Fetch(server);
            Assert.Equal(Content, File.ReadAllBytes(folder["file.gz"]));
            File.Delete(folder["file.gz"]);
        }
    }

    [Fact]
    public void When_no_address_serves_nothing_is_left_and_the_reasons_are_told()
    {
        var error = Assert.Throws<DatasetNotFoundException>(() => Fetch(new Server { Answers = { ["first.example"] = Content[..100] } }));
        Assert.Contains("first.example", error.Message, StringComparison.Ordinal);
        Assert.Contains("404", error.Message, StringComparison.Ordinal);
        Assert.Contains("SWEEP_DATA", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void A_cancelled_download_leaves_nothing()
    {
        using var cancel = new CancellationTokenSource();
        var progress = new Kept { Then = cancel.Cancel };
        Assert.ThrowsAny<OperationCanceledException>(() => Fetch(new Server { Answers = { ["first.example"] = Content } }, progress, cancel: cancel.Token));
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void A_server_that_stops_sending_is_given_up_for_the_next_one()
    {
        Fetch(new Server { Stalled = "first.example", Answers = { ["second.example"] = Content } }, patience: TimeSpan.FromMilliseconds(50));

        Assert.Equal(Content, File.ReadAllBytes(folder["file.gz"]));
    }

    [Fact]
    public void A_download_from_a_server_that_stops_sending_can_be_cancelled()
    {
        using var cancel = new CancellationTokenSource();
        var progress = new Kept { Then = cancel.Cancel };

        Assert.ThrowsAny<OperationCanceledException>(() => Fetch(new Server { Stalled = "first.example" }, progress, cancel: cancel.Token));
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void A_file_that_is_there_is_not_asked_for_again()
    {
        File.WriteAllBytes(folder["file.gz"], Content);
        Fetch(new Server());
    }

    [Fact]
    public void Without_network_the_message_names_what_was_searched()
    {
        var error = Assert.Throws<DatasetNotFoundException>(() =>
            new DatasetCatalog().Load("mnist", new DataOptions { Folders = [folder.Path], CacheFolder = folder["cache"], Download = false }));
        Assert.Contains(folder.Path, error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["cache"]));
    }

    private void Fetch(Server server, IProgress<DownloadProgress>? progress = null, TimeSpan? patience = null, CancellationToken cancel = default) =>
        FileDownload.Fetch(Dataset, folder.Path, server, progress, cancel, patience);

    private sealed class Kept : IProgress<DownloadProgress>
    {
        public DownloadProgress? Last { get; private set; }
        public Action? Then { get; init; }

        public void Report(DownloadProgress value)
        {
            Last = value;
            Then?.Invoke();
        }
    }

    private sealed class Server : HttpMessageHandler
    {
        public Dictionary<string, byte[]> Answers { get; } = [];

        /// <summary>A host that sends the first bytes of the file and then nothing.</summary>
        public string? Stalled { get; init; }

        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
            request.RequestUri!.Host == Stalled ? new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(new StalledStream()) }
            : Answers.TryGetValue(request.RequestUri.Host, out var body)
                ? new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(body) }
                : new HttpResponseMessage(HttpStatusCode.NotFound);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(Send(request, cancellationToken));
    }

    /// <summary>A stream with some bytes, whose next read ends only when it is cancelled.</summary>
    private sealed class StalledStream : MemoryStream
    {
        public StalledStream() : base(Content[..100])
        {
        }

        public override int Read(Span<byte> buffer) => base.Read(buffer) is > 0 and var read ? read : ReadAsync(new byte[1]).AsTask().GetAwaiter().GetResult();

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (base.Read(buffer.Span) is > 0 and var read)
                return read;
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            return 0;
        }
    }
}
