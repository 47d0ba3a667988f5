using System.IO.Pipes;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Sweeps.Core;
using Sweeps.Log;

namespace Client.Local;

/// <summary>
/// A named pipe, accessible only to this user, through which other processes send requests to the process that works on a sweep in the same
/// folder. The request is one line, a <see cref="SweepSteered"/> event; its number and time are ignored. The answer is one line of JSON.
/// </summary>
public static partial class SteeringPipe
{
    // The timeout of a connection that sends nothing; without it such a connection would prevent the process from ending.
    private static readonly TimeSpan AskLimit = TimeSpan.FromSeconds(5);

    /// <summary>The name of the pipe for a sweep's folder.</summary>
    public static string NameOf(string folder) =>
        "sweep-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(folder))))[..20];

    /// <summary>
    /// Sends a request to the process that works on the sweep. Returns null when none answers: there is no such process, or it is starting
    /// or ending and has not read the request.
    /// </summary>
    public static async Task<SteerReply?> AskAsync(string folder, SweepSteered request, CancellationToken cancel)
    {
        await using var pipe = new NamedPipeClientStream(".", NameOf(folder), PipeDirection.InOut, PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly);
        try
        {
            await pipe.ConnectAsync(TimeSpan.FromMilliseconds(300), cancel);
            await using var writer = new StreamWriter(pipe, leaveOpen: true);
            using var reader = new StreamReader(pipe, leaveOpen: true);
            await writer.WriteLineAsync(EventText.Write(new LoggedEvent(1, DateTimeOffset.UnixEpoch, request)).AsMemory(), cancel);
            await writer.FlushAsync(cancel);
            return await reader.ReadLineAsync(cancel) is { } line ? JsonSerializer.Deserialize(line, AnswerJson.Default.SteerReply) : null;
        }
        catch (Exception e) when (e is TimeoutException or IOException)
        {
            return null;
        }
    }

    /// <summary>
    /// Answers requests until cancelled, and completes after all received requests are answered, because the answer to <c>cancel</c> is
    /// sent while the process is ending.
    /// </summary>
    public static async Task ListenAsync(string folder, Func<SweepSteered, Task<SteerReply>> answer, CancellationToken cancel)
    {
        var answers = new List<Task>();
        var pipe = Open(folder);
        try
        {
            while (true)
            {
                await pipe.WaitForConnectionAsync(cancel);
                // Open the next instance first: when the last one closes, the pipe's name disappears and connecting clients fail.
                var connected = pipe;
                pipe = Open(folder);
                answers.RemoveAll(one => one.IsCompleted);
                answers.Add(AnswerAsync(connected, answer));
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            await Task.WhenAll(answers);
        }
        finally
        {
            await pipe.DisposeAsync();
        }
    }

    private static NamedPipeServerStream Open(string folder) => new(
        NameOf(folder), PipeDirection.InOut, NamedPipeServerStream.MaxAllowedServerInstances, PipeTransmissionMode.Byte,
        PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly);

    private static async Task AnswerAsync(NamedPipeServerStream pipe, Func<SweepSteered, Task<SteerReply>> answer)
    {
        using var limit = new CancellationTokenSource(AskLimit);
        try
        {
            await using var connected = pipe;
            using var reader = new StreamReader(pipe, leaveOpen: true);
            await using var writer = new StreamWriter(pipe, leaveOpen: true);
            if (await reader.ReadLineAsync(limit.Token) is not { } line)
                return;
            var reply = Read(line) is { } request ? await answer(request) : new SteerReply(false, "The request is not one that this version knows.");
            await writer.WriteLineAsync(JsonSerializer.Serialize(reply, AnswerJson.Default.SteerReply));
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The client closed the pipe before it received the answer, or sent nothing in time.
        }
    }

    private static SweepSteered? Read(string line)
    {
        try
        {
            return EventText.Read(line).Event as SweepSteered;
        }
        catch (Exception problem) when (problem is InvalidDataException or JsonException)
        {
            return null;
        }
    }

    [JsonSerializable(typeof(SteerReply))]
    private sealed partial class AnswerJson : JsonSerializerContext;
}
