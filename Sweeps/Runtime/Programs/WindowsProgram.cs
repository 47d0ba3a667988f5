using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Sweeps.Programs;

/// <summary>
/// A program on Windows. A job object has its processes and kills them all, also when this process dies
/// (learn.microsoft.com/windows/win32/procthread/job-objects). Reports are lines of a file and get no answer, so verdicts are applied by ending the
/// processes. The gentle end is Ctrl-Break, which only programs of this process's console receive.
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed partial class WindowsProgram : IRunningProgram
{
    private const int ChunkBytes = 1 << 16, MaxChunks = 64;

    /// <summary>The maximum time between two reads of the file of reports.</summary>
    private static readonly TimeSpan ReportInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>The maximum wait for output of a process that has ended, because descendants may keep its pipe open.</summary>
    private static readonly TimeSpan RestLimit = TimeSpan.FromMilliseconds(200);

    private readonly BlockingCollection<(ProgramStream Stream, byte[] Bytes)> output = new(MaxChunks);
    private readonly CancellationTokenSource closed = new();
    private readonly byte[] buffer = new byte[ChunkBytes];
    private readonly SafeFileHandle job;
    private readonly FileStream reports;
    private readonly Process process;
    private readonly long? memory;
    private int open = 2;

    /// <inheritdoc cref="IRunningProgram.Start"/>
    public WindowsProgram(ProcessStart start, ProgramLimits limits, RunFolders folders)
    {
        memory = limits.Memory;
        File.WriteAllBytes(folders.Reports, []);
        reports = new FileStream(folders.Reports, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        job = CreateJob(memory);
        var info = new ProcessStartInfo(start.File, start.Arguments.Skip(1))
        {
            WorkingDirectory = start.Folder, CreateNewProcessGroup = true, CreateNoWindow = GetConsoleWindow() == 0,
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        info.Environment.Clear();
        foreach (var variable in start.Environment)
            info.Environment[variable[..variable.IndexOf('=')]] = variable[(variable.IndexOf('=') + 1)..];
        try
        {
            process = Process.Start(info)!;
            // A child that the process starts before this call is not in the job. That takes microseconds, and an interpreter starts in milliseconds.
            if (!AssignProcessToJobObject(job, process.SafeHandle) && !process.HasExited)
            {
                var problem = Marshal.GetLastPInvokeErrorMessage();
                process.Kill(entireProcessTree: true);
                throw new IOException($"its job object refused it: {problem}");
            }
        }
        catch (Exception e) when (e is Win32Exception or IOException)
        {
            job.Dispose();
            reports.Dispose();
            throw e as IOException ?? new IOException(e.Message, e);
        }
        process.StandardInput.Close();
        Forward(process.StandardOutput.BaseStream, ProgramStream.Output);
        Forward(process.StandardError.BaseStream, ProgramStream.Errors);
    }

    /// <inheritdoc/>
    public ProgramExit? Exit { get; private set; }

    /// <inheritdoc/>
    public bool Lives => Exit is null || Living(TimeSpan.Zero).Count > 0;

    /// <inheritdoc/>
    public string OutOfMemory => Exit is { Success: false } && memory is { } most
        && QueryInformationJobObject(job, ExtendedLimitInformation, out ExtendedLimits used, Marshal.SizeOf<ExtendedLimits>(), 0)
        && used.PeakJobMemoryUsed >= (nuint)(most * 0.95)
            ? ": out of memory, limits.memory was reached"
            : "";

    /// <summary>Returns the number of living processes. The memory is 0, because the job object enforces its limit: a larger allocation fails.</summary>
    public (int Count, long Memory) Living(TimeSpan age) =>
        QueryInformationJobObject(job, BasicAccountingInformation, out Accounting accounting, Marshal.SizeOf<Accounting>(), 0) ? (accounting.ActiveProcesses, 0) : (0, 0);

    /// <inheritdoc/>
    public bool Wait(TimeSpan limit, Action<ProgramStream, ReadOnlySpan<byte>> read)
    {
        if (Exit is not null)
            return false;
        var active = ReadReports(read);
        if (output.TryTake(out var piece, active ? TimeSpan.Zero : limit < ReportInterval ? limit : ReportInterval))
        {
            read(piece.Stream, piece.Bytes);
            active = true;
        }
        if (!process.HasExited)
            return active;
        for (var taken = 0; taken < MaxChunks && output.TryTake(out piece, RestLimit); taken++)
            read(piece.Stream, piece.Bytes);
        ReadReports(read);
        Exit = new ProgramExit(process.ExitCode, 0);
        return true;
    }

    /// <inheritdoc/>
    public void End(bool gently)
    {
        // Ignore the result: both calls fail if the processes have ended meanwhile.
        _ = gently ? GenerateConsoleCtrlEvent(CtrlBreak, process.Id) : TerminateJobObject(job, 1);
    }

    /// <summary>Does nothing, because <c>SWEEP_VERDICTS</c> is not set on Windows and therefore no program asks for a verdict.</summary>
    public void Answer(string line) { }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Closing the last handle of the job kills its living processes, which ends the threads that read their output.
        job.Dispose();
        closed.Cancel();
        reports.Dispose();
        process.Dispose();
    }

    private bool ReadReports(Action<ProgramStream, ReadOnlySpan<byte>> read)
    {
        var any = false;
        for (int count; (count = reports.Read(buffer)) > 0; any = true)
            read(ProgramStream.Reports, buffer.AsSpan(0, count));
        return any;
    }

    /// <summary>
    /// Reads a pipe on a separate thread, because Windows cannot wait for several pipes of a process. A full queue makes a program that writes wait.
    /// </summary>
    private void Forward(Stream pipe, ProgramStream stream) => new Thread(() =>
    {
        var chunk = new byte[ChunkBytes];
        try
        {
            for (int count; (count = pipe.Read(chunk)) > 0;)
                output.Add((stream, chunk[..count]), closed.Token);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // Dispose was called.
        }
        if (Interlocked.Decrement(ref open) == 0)
            output.CompleteAdding();
    }) { IsBackground = true, Name = "sweep output" }.Start();

    private static SafeFileHandle CreateJob(long? memory)
    {
        var job = CreateJobObject(0, null);
        var limits = new ExtendedLimits { LimitFlags = KillOnJobClose | (memory is null ? 0 : JobMemory), JobMemoryLimit = (nuint)(memory ?? 0) };
        return !job.IsInvalid && SetInformationJobObject(job, ExtendedLimitInformation, in limits, Marshal.SizeOf<ExtendedLimits>())
            ? job
            : throw new IOException($"Windows gave no job object: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    private const int BasicAccountingInformation = 1, ExtendedLimitInformation = 9, CtrlBreak = 1;
    private const uint JobMemory = 0x200, KillOnJobClose = 0x2000;

    /// <summary><c>JOBOBJECT_BASIC_ACCOUNTING_INFORMATION</c></summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Accounting
    {
        public long TotalUserTime, TotalKernelTime, ThisPeriodTotalUserTime, ThisPeriodTotalKernelTime;
        public int TotalPageFaultCount, TotalProcesses, ActiveProcesses, TotalTerminatedProcesses;
    }

    /// <summary><c>JOBOBJECT_EXTENDED_LIMIT_INFORMATION</c>: the basic limits, counters of input and output, and the limits of memory.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct ExtendedLimits
    {
        public long PerProcessUserTimeLimit, PerJobUserTimeLimit;
        public uint LimitFlags;
        public nuint MinimumWorkingSetSize, MaximumWorkingSetSize;
        public uint ActiveProcessLimit;
        public nuint Affinity;
        public uint PriorityClass, SchedulingClass;
        public ulong ReadOperations, WriteOperations, OtherOperations, ReadBytes, WriteBytes, OtherBytes;
        public nuint ProcessMemoryLimit, JobMemoryLimit, PeakProcessMemoryUsed, PeakJobMemoryUsed;
    }

    [LibraryImport("kernel32", EntryPoint = "CreateJobObjectW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    private static partial SafeFileHandle CreateJobObject(nint attributes, string? name);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool SetInformationJobObject(SafeFileHandle job, int kind, in ExtendedLimits limits, int size);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool AssignProcessToJobObject(SafeFileHandle job, SafeProcessHandle process);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool QueryInformationJobObject(SafeFileHandle job, int kind, out ExtendedLimits limits, int size, nint length);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool QueryInformationJobObject(SafeFileHandle job, int kind, out Accounting accounting, int size, nint length);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool TerminateJobObject(SafeFileHandle job, uint exitCode);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GenerateConsoleCtrlEvent(int kind, int group);

    [LibraryImport("kernel32")]
    private static partial nint GetConsoleWindow();
}
