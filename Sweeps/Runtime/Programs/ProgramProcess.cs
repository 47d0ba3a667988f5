using System.Runtime.InteropServices;

namespace Sweeps.Programs;

/// <summary>The stream from which bytes of a program were read.</summary>
internal enum ProgramStream
{
    Output = 0,
    Errors = 1,
    Reports = 2,
}

/// <summary>The end of a process: an exit code, or the signal that ended it.</summary>
internal readonly record struct ProgramExit(int Code, int Signal)
{
    /// <summary>Whether it ended with exit code 0.</summary>
    public bool Success => this is { Code: 0, Signal: 0 };

    public override string ToString() => Signal switch
    {
        0 => $"ended with exit code {Code}",
        UnixNative.SIGKILL => "was killed (SIGKILL)",
        UnixNative.SIGTERM => "was terminated (SIGTERM)",
        6 => "aborted (SIGABRT)",
        11 => "crashed (SIGSEGV)",
        _ => $"was ended by signal {Signal}",
    };
}

/// <summary>The parameters for the start of a process.</summary>
/// <param name="File">The full path of the executable.</param>
/// <param name="Arguments">All arguments; the first is the name of the program.</param>
/// <param name="Environment">The complete environment, as <c>NAME=value</c>.</param>
/// <param name="Folder">The working folder.</param>
/// <param name="Shown">The command line for people, without the values of environment variables.</param>
internal sealed record ProcessStart(string File, IReadOnlyList<string> Arguments, IReadOnlyList<string> Environment, string Folder, string Shown);

/// <summary>
/// A process in its own session, with its output and the pipe of its reports. The thread that waits for the process also reads its output, so that no
/// further thread is needed. While it does not read, a program that writes blocks.
/// </summary>
internal sealed unsafe class ProgramProcess : IDisposable
{
    private static readonly TimeSpan PollWithoutDescriptor = TimeSpan.FromMilliseconds(20);

    private readonly byte[] buffer = new byte[1 << 16];
    private readonly int ended;
    private int output, errors;
    private readonly int reports;

    private ProgramProcess(int id, int output, int errors, int reports)
    {
        (Id, this.output, this.errors, this.reports) = (id, output, errors, reports);
        ended = UnixNative.OpenProcess(id);
    }

    /// <summary>The process id, which is also the id of its session and group.</summary>
    public int Id { get; }

    /// <summary>The end of the process; null while it runs.</summary>
    public ProgramExit? Exit { get; private set; }

    /// <summary>Starts a process. Throws <see cref="IOException"/> with the reason if that fails.</summary>
    /// <param name="start">What to start.</param>
    /// <param name="reports">The pipe of reports. The caller closes it.</param>
    public static ProgramProcess Start(ProcessStart start, int reports)
    {
        var (output, outputEnd) = UnixNative.Pipe();
        var (errors, errorsEnd) = UnixNative.Pipe();
        try
        {
            var error = UnixNative.Spawn(start.File, start.Arguments, start.Environment, start.Folder, outputEnd, errorsEnd, out var id);
            return error == 0 ? new ProgramProcess(id, output, errors, reports) : throw new IOException(Marshal.GetPInvokeErrorMessage(error));
        }
        catch
        {
            _ = UnixNative.close(output);
            _ = UnixNative.close(errors);
            throw;
        }
        finally
        {
            _ = UnixNative.close(outputEnd);
            _ = UnixNative.close(errorsEnd);
        }
    }

    /// <summary>
    /// Waits until the process writes or ends, at most for <paramref name="limit"/>, and passes on what it has written. Returns false if neither
    /// happened.
    /// </summary>
    public bool Wait(TimeSpan limit, Action<ProgramStream, ReadOnlySpan<byte>> read)
    {
        if (Exit is not null)
            return false;
        if (ended < 0 && limit > PollWithoutDescriptor)
            limit = PollWithoutDescriptor;
        var active = Read(limit, read);
        return TryReap(read) || active;
    }

    /// <summary>Closes the descriptors. The process must have ended.</summary>
    public void Dispose()
    {
        Close(ref output);
        Close(ref errors);
        if (ended >= 0)
            _ = UnixNative.close(ended);
    }

    private bool TryReap(Action<ProgramStream, ReadOnlySpan<byte>> read)
    {
        var result = UnixNative.waitpid(Id, out var status, UnixNative.WNOHANG);
        if (result == 0)
            return false;
        // Read what is left in the pipes. Do not wait for their end, because descendants may keep them open and write to them.
        for (var round = 0; round < 8 && Read(TimeSpan.Zero, read); round++)
        {
        }
        Exit = result < 0 ? new ProgramExit(-1, 0) : new ProgramExit(status >> 8 & 0xff, status & 0x7f);
        return true;
    }

    private bool Read(TimeSpan limit, Action<ProgramStream, ReadOnlySpan<byte>> read)
    {
        var polled = stackalloc UnixNative.PollFd[4];
        polled[0] = new() { Fd = output, Events = UnixNative.POLLIN };
        polled[1] = new() { Fd = errors, Events = UnixNative.POLLIN };
        polled[2] = new() { Fd = reports, Events = UnixNative.POLLIN };
        polled[3] = new() { Fd = ended, Events = UnixNative.POLLIN };
        if (UnixNative.poll(polled, 4, (int)limit.TotalMilliseconds) <= 0)
            return false;
        var any = false;
        if (polled[2].Revents != 0)
            any |= Take(reports, ProgramStream.Reports, read) > 0;
        if (polled[1].Revents != 0)
            any |= TakeOrClose(ref errors, ProgramStream.Errors, read);
        if (polled[0].Revents != 0)
            any |= TakeOrClose(ref output, ProgramStream.Output, read);
        return any;
    }

    private bool TakeOrClose(ref int descriptor, ProgramStream stream, Action<ProgramStream, ReadOnlySpan<byte>> read)
    {
        if (Take(descriptor, stream, read) > 0)
            return true;
        Close(ref descriptor);
        return false;
    }

    private nint Take(int descriptor, ProgramStream stream, Action<ProgramStream, ReadOnlySpan<byte>> read)
    {
        nint count;
        fixed (byte* start = buffer)
            count = UnixNative.read(descriptor, start, (nuint)buffer.Length);
        if (count > 0)
            read(stream, buffer.AsSpan(0, (int)count));
        return count;
    }

    /// <summary>Closes a descriptor and sets it to −1, which poll ignores.</summary>
    private static void Close(ref int descriptor)
    {
        if (descriptor >= 0)
            _ = UnixNative.close(descriptor);
        descriptor = -1;
    }
}
