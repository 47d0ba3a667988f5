using System.ComponentModel;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using Sweeps.Core;
using Sweeps.Files;
using Sweeps.Programs;

namespace Sweeps.Hooks;

/// <summary>
/// Calls hooks from the process that coordinates the sweep. On one machine every command and address is allowed, since the user could call them
/// anyway. A silo coordinates sweeps that other people submit, so it has a list of allowed folders and hosts.
/// </summary>
public sealed record HookHost
{
    private const int MaxErrorLength = 400;

    /// <summary>The longest time of a timer, 24 days. .NET throws for a longer one, which a sweep file may have.</summary>
    internal static readonly TimeSpan LongestTimer = TimeSpan.FromMilliseconds(int.MaxValue);

    // Redirects are not followed, because they could lead to a host that is not allowed.
    private static readonly HttpClient client = new(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
        Timeout = System.Threading.Timeout.InfiniteTimeSpan,
    };

    /// <summary>
    /// The folders whose programs a command may start, as for runs (<see cref="ProgramPolicy"/>). A command then has the environment of a run's
    /// program. Default: null, every command is allowed and has the environment of this process.
    /// </summary>
    public IReadOnlyList<string>? Folders { get; init; }

    /// <summary>The hosts that a hook may post to, with or without a port. Default: null, every host is allowed.</summary>
    public IReadOnlyList<string>? Hosts { get; init; }

    /// <summary>How long a closing coordinator waits for the calls of its hooks before it ends them. Default: five seconds.</summary>
    public TimeSpan CloseLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Calls a hook. Returns the reason of a failure in words for people, or null. Throws only if <paramref name="cancel"/> is cancelled.
    /// </summary>
    public async Task<string?> CallAsync(HookCall call, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(call.Hook.Timeout < LongestTimer ? call.Hook.Timeout : LongestTimer);
        try
        {
            return PlainText.Fit((call.Hook.Url is { } url ? await PostAsync(url, call, limit.Token) : await RunAsync(call, limit.Token)) ?? "", MaxErrorLength) is { Length: > 0 } error
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

    /// <summary>The name of the command or address for messages. The path of an address is left out, because it may contain a secret.</summary>
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
            // A background process that the command has started may keep the streams open: wait for their end for one second only.
            await Task.WhenAny(tail, Task.Delay(TimeSpan.FromSeconds(1), cancel));
            var lastLine = tail.IsCompletedSuccessfully ? tail.Result.LastOrDefault(text => text.Length > 0) : null;
            return $"{NameOf(call.Hook)} ended with exit code {process.ExitCode}{(lastLine is null ? "." : $": {lastLine}")}";
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>Creates the start information of a command. Returns the reason if the command is not allowed or does not exist, else null.</summary>
    private string? Prepare(Hook hook, out ProcessStartInfo start)
    {
        start = new ProcessStartInfo { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        var (folder, words, first) = (hook.Folder ?? Environment.CurrentDirectory, hook.Command, hook.Command[0]);
        if (Folders is { } folders)
        {
            var program = ProgramPolicy.OfCommand(words, hook.Folder);
            if ((folders.Count == 0 ? "it runs no programs; to allow them, start the silos with --programs FOLDER" : ProgramPolicy.Refusal(program, folders)) is { } refusal)
                return $"{NameOf(hook)} may not run on the node that coordinates the sweep: {refusal}.";
            folder = ProgramPolicy.FolderOf(program, folders)!;
            // The full path prevents that a program of the same name on the PATH is run instead.
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

    /// <summary>
    /// Reads a stream to its end and returns its last line. All of it is read, because a command blocks on a full pipe; only the last 4 KB are kept.
    /// </summary>
    private static async Task<string> ReadTailAsync(Stream stream, CancellationToken cancel)
    {
        var (buffer, kept) = (new byte[4096], Array.Empty<byte>());
        int count;
        while ((count = await stream.ReadAsync(buffer, cancel)) > 0)
            kept = [.. kept.Concat(buffer.Take(count)).TakeLast(buffer.Length)];
        return Encoding.UTF8.GetString(kept).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "";
    }
}
