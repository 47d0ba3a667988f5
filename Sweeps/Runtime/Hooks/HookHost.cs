using System.ComponentModel;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using Sweeps.Core;
using Sweeps.Files;
using Sweeps.Programs;

namespace Sweeps.Hooks;

/// <summary>
/// Calls hooks in the process that coordinates the sweep. On one machine everything that the user can do is allowed; a node of a cluster, to which
/// others submit sweeps, has lists of what is.
/// </summary>
public sealed record HookHost
{
    private const int LongestMessage = 400;

    // A redirect could lead to a host that is not allowed.
    private static readonly HttpClient client = new(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
        Timeout = System.Threading.Timeout.InfiniteTimeSpan,
    };

    /// <summary>
    /// The folders whose programs a command may start, as for runs (<see cref="ProgramPolicy"/>); a command then has the environment of a run's
    /// program. Null, the default: every command, with the environment of this process.
    /// </summary>
    public IReadOnlyList<string>? Folders { get; init; }

    /// <summary>The hosts that may be posted to. Null, the default: every host.</summary>
    public IReadOnlyList<string>? Hosts { get; init; }

    /// <summary>How long a coordinator that closes waits for the call that runs. Default: five seconds; then the call is ended.</summary>
    public TimeSpan CloseLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Calls a hook. Returns why that failed, for people, or null. Throws only when <paramref name="cancel"/> is cancelled.</summary>
    public async Task<string?> CallAsync(HookCall call, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(call.Hook.Timeout);
        try
        {
            return PlainText.Fit((call.Hook.Url is { } url ? await PostAsync(url, call, limit.Token) : await RunAsync(call, limit.Token)) ?? "", LongestMessage) is { Length: > 0 } error
                ? error
                : null;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return $"{NameOf(call.Hook)} took longer than {call.Hook.Timeout.TotalSeconds:0.###} s and was ended.";
        }
        catch (HttpRequestException e)
        {
            return $"{NameOf(call.Hook)} cannot be reached: {e.Message}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or Win32Exception or InvalidOperationException)
        {
            return $"{NameOf(call.Hook)}: {e.Message}";
        }
    }

    /// <summary>The name of what a hook calls, without the path of an address, which may hold a secret.</summary>
    public static string NameOf(Hook hook) => hook.Url is { } url ? url.Authority : string.Join(' ', hook.Command.Take(2).Select(Path.GetFileName));

    private async Task<string?> PostAsync(Uri url, HookCall call, CancellationToken cancel)
    {
        if (Hosts is { } hosts && !hosts.Contains(url.Host, StringComparer.OrdinalIgnoreCase) && !hosts.Contains(url.Authority, StringComparer.OrdinalIgnoreCase))
            return $"The node that coordinates the sweep posts nothing to {url.Authority}: start the silos with --webhooks {url.Host}.";
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(call.Json()) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("sweep", Product.Version));
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        return response.IsSuccessStatusCode ? null
            : $"{url.Authority} answered {(int)response.StatusCode} {response.ReasonPhrase}".TrimEnd() + ".";
    }

    private async Task<string?> RunAsync(HookCall call, CancellationToken cancel)
    {
        if (Prepare(call.Hook, out var start) is { } refusal)
            return refusal;
        foreach (var (name, value) in call.Variables)
            start.Environment[name] = value;
        using var process = Process.Start(start) ?? throw new InvalidOperationException("the process could not be started");
        try
        {
            var tail = Task.WhenAll(ReadTailAsync(process.StandardOutput.BaseStream, cancel), ReadTailAsync(process.StandardError.BaseStream, cancel));
            await WriteAsync(process.StandardInput.BaseStream, call.Json(), cancel);
            await process.WaitForExitAsync(cancel);
            if (process.ExitCode == 0)
                return null;
            // A process in the background may keep the streams open.
            await Task.WhenAny(tail, Task.Delay(TimeSpan.FromSeconds(1), cancel));
            var said = tail.IsCompletedSuccessfully ? tail.Result.LastOrDefault(text => text.Length > 0) : null;
            return $"{NameOf(call.Hook)} ended with exit code {process.ExitCode}{(said is null ? "." : $": {said}")}";
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>The process of a command; the result is why it may not or cannot be started, or null.</summary>
    private string? Prepare(Hook hook, out ProcessStartInfo start)
    {
        start = new ProcessStartInfo { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        var (folder, words, first) = (hook.Folder ?? Environment.CurrentDirectory, hook.Command, hook.Command[0]);
        if (Folders is { } folders)
        {
            var program = ProgramPolicy.OfCommand(words, hook.Folder);
            if ((folders.Count == 0 ? "it runs no programs; to have it run them, start the silos with --programs FOLDER" : ProgramPolicy.Refusal(program, folders)) is { } refusal)
                return $"{NameOf(hook)} may not run on the node that coordinates the sweep: {refusal}.";
            folder = ProgramPolicy.FolderOf(program, folders)!;
            // Otherwise a program on the PATH with the same name would be run.
            first = first == program.Program ? Path.GetFullPath(first, folder) : first;
            start.Environment.Clear();
            foreach (var (name, value) in ProgramEnvironment.Inherited(Environment.GetEnvironmentVariable))
                start.Environment[name] = value;
        }
        if (!Directory.Exists(folder))
            return $"{NameOf(hook)}: there is no folder {folder}.";
        start.WorkingDirectory = folder;
        if (Executables.Find(first, folder, start.Environment.TryGetValue("PATH", out var path) ? path ?? "" : "") is not { } file)
            return $"{NameOf(hook)}: '{words[0]}' is neither a file in {folder} nor a program on the PATH.";
        start.FileName = file;
        foreach (var word in words.Skip(1))
            start.ArgumentList.Add(word);
        return null;
    }

    private static async Task WriteAsync(Stream input, byte[] json, CancellationToken cancel)
    {
        try
        {
            await using (input)
                await input.WriteAsync(json, cancel);
        }
        catch (IOException)
        {
            // The command does not read its input.
        }
    }

    /// <summary>The last line of a stream. All of it is read, so that the command does not wait, and little of it kept.</summary>
    private static async Task<string> ReadTailAsync(Stream stream, CancellationToken cancel)
    {
        var (buffer, kept) = (new byte[4096], Array.Empty<byte>());
        int count;
        while ((count = await stream.ReadAsync(buffer, cancel)) > 0)
            kept = [.. kept.Concat(buffer.Take(count)).TakeLast(buffer.Length)];
        return Encoding.UTF8.GetString(kept).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "";
    }
}
