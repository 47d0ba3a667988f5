namespace Sweeps.Programs;

/// <summary>
/// The processes of one start of a program, with their output, their reports and the answers to reports. Only the thread of the slot uses it.
/// </summary>
internal interface IRunningProgram : IDisposable
{
    /// <summary>The end of the process that was started; null while it runs.</summary>
    ProgramExit? Exit { get; }

    /// <summary>Whether a process of the run is alive.</summary>
    bool Lives { get; }

    /// <summary>The end of a sentence that says that the process ended because it was out of memory; empty if that is not known.</summary>
    string OutOfMemory { get; }

    /// <summary>
    /// Returns the number of living processes and their total resident memory in bytes. The memory is 0 if the system enforces its limit.
    /// </summary>
    /// <param name="age">The maximum age of the list of processes, which many runs share.</param>
    (int Count, long Memory) Living(TimeSpan age);

    /// <summary>
    /// Waits until the program writes or the process ends, at most for <paramref name="limit"/>, and passes on what was written. Returns false if neither
    /// happened.
    /// </summary>
    bool Wait(TimeSpan limit, Action<ProgramStream, ReadOnlySpan<byte>> read);

    /// <summary>Requests the end of all processes if <paramref name="gently"/>, else kills them.</summary>
    void End(bool gently);

    /// <summary>Sends a line to a program that waits for an answer to its report.</summary>
    void Answer(string line);

    /// <summary>Starts a program. Throws <see cref="IOException"/> with the reason if that fails.</summary>
    /// <param name="start">The parameters for the start.</param>
    /// <param name="marks">The variables that only processes of this run have: <c>NAME=value</c>.</param>
    /// <param name="limits">The limits of the run.</param>
    /// <param name="folders">The paths of the run.</param>
    static IRunningProgram Start(ProcessStart start, IReadOnlyList<string> marks, ProgramLimits limits, RunFolders folders) =>
        OperatingSystem.IsWindows() ? new WindowsProgram(start, limits, folders) : UnixProgram.Start(start, marks, limits, folders);
}
