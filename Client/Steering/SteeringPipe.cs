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
    /// <summary>The pipe's name for a sweep's folder.</summary>
    public static string NameOf(string folder) =>
        "sweep-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(folder))))[..20];

    /// <summary>Asks the process that works on the sweep. Null when there is none.</summary>
    public static async Task<SteerReply?> AskAsync(string folder, SweepSteered wish, CancellationToken cancel)
    {
        await using var pipe = new NamedPipeClientStream(".", NameOf(folder), PipeDirection.InOut, PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly);
        try
        {
            await pipe.ConnectAsync(TimeSpan.FromMilliseconds(300), cancel);
        }
        catch (TimeoutException)
        {
            return null;
        }
        await using var writer = new StreamWriter(pipe, leaveOpen: true) { AutoFlush = true };
        using var reader = new StreamReader(pipe, leaveOpen: true);
        await writer.WriteLineAsync(EventText.Write(new LoggedEvent(1, DateTimeOffset.UnixEpoch, wish)).AsMemory(), cancel);
        var line = await reader.ReadLineAsync(cancel);
        return line is null ? null : JsonSerializer.Deserialize(line, AnswerJson.Default.SteerReply);
    }

    /// <summary>Answers requests one after the other until cancelled.</summary>
    public static async Task ListenAsync(string folder, Func<SweepSteered, Task<SteerReply>> answer, CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                await using var pipe = new NamedPipeServerStream(
                    NameOf(folder), PipeDirection.InOut, 1, PipeTransmissionMode.Byte, PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly);
                await pipe.WaitForConnectionAsync(cancel);
                await AnswerAsync(pipe, answer, cancel);
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                return;
            }
            catch (IOException)
            {
                // The other side left before it had its answer; what it asked for is in the log or it is not.
            }
        }
    }

    private static async Task AnswerAsync(NamedPipeServerStream pipe, Func<SweepSteered, Task<SteerReply>> answer, CancellationToken cancel)
    {
        using var reader = new StreamReader(pipe, leaveOpen: true);
        await using var writer = new StreamWriter(pipe, leaveOpen: true) { AutoFlush = true };
        if (await reader.ReadLineAsync(cancel) is not { } line)
            return;
        var reply = Read(line) is { } wish ? await answer(wish) : new SteerReply(false, "The request is not one that this version knows.");
        await writer.WriteLineAsync(JsonSerializer.Serialize(reply, AnswerJson.Default.SteerReply).AsMemory(), cancel);
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
