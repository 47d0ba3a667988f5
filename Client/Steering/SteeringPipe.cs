using System.IO.Pipes;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Sweeps.Core;
using Sweeps.Log;

namespace Client.Steering;

/// <summary>
/// How a process reaches the one that works on a sweep of the same folder: a pipe of this user, named after the sweep's folder. One line
/// there, a <see cref="SweepSteered"/> event that has no number yet; one line back, the answer.
/// </summary>
public static partial class SteeringPipe
{
    // How long a connection may take to send its one line: the process waits for it when it ends.
    private static readonly TimeSpan AskLimit = TimeSpan.FromSeconds(5);

    /// <summary>The pipe's name for a sweep's folder.</summary>
    public static string NameOf(string folder) =>
        "sweep-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(folder))))[..20];

    /// <summary>
    /// Asks the process that works on the sweep. Null when none answers: there is none, or it begins or ends in this moment and has not
    /// read the request.
    /// </summary>
    public static async Task<SteerReply?> AskAsync(string folder, SweepSteered wish, CancellationToken cancel)
    {
        await using var pipe = new NamedPipeClientStream(".", NameOf(folder), PipeDirection.InOut, PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly);
        try
        {
            await pipe.ConnectAsync(TimeSpan.FromMilliseconds(300), cancel);
            await using var writer = new StreamWriter(pipe, leaveOpen: true);
            using var reader = new StreamReader(pipe, leaveOpen: true);
            await writer.WriteLineAsync(EventText.Write(new LoggedEvent(1, DateTimeOffset.UnixEpoch, wish)).AsMemory(), cancel);
            await writer.FlushAsync(cancel);
            return await reader.ReadLineAsync(cancel) is { } line ? JsonSerializer.Deserialize(line, AnswerJson.Default.SteerReply) : null;
        }
        catch (Exception e) when (e is TimeoutException or IOException)
        {
            return null;
        }
    }

    /// <summary>
    /// Answers requests until cancelled. A request that has been read is answered all the same: the answer to <c>cancel</c> is sent while
    /// the sweep, and with it this process, ends.
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
                // The next one is opened first: the last to close takes the pipe's name away from those who are connecting.
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
            var reply = Read(line) is { } wish ? await answer(wish) : new SteerReply(false, "The request is not one that this version knows.");
            await writer.WriteLineAsync(JsonSerializer.Serialize(reply, AnswerJson.Default.SteerReply));
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The other side left before it had its answer; what it asked for is in the log or it is not.
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
