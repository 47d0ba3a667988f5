namespace Sweeps.Programs;

/// <summary>
/// The processes of one start of a program, from the first until none lives, with their output, their reports and the answers to these. One thread
/// uses it: that of the slot.
/// </summary>
internal interface IRunningProgram : IDisposable
{
    /// <summary>How the process that was started ended, or null while it runs.</summary>
    ProgramExit? Exit { get; }

    /// <summary>Whether a process of the run lives.</summary>
    bool Lives { get; }

    /// <summary>Why the process ended for want of memory, as the end of a sentence; empty when that is not known.</summary>
    string OutOfMemory { get; }

    /// <summary>The number of processes that live, and their resident memory together in bytes, or 0 where the system enforces the limit itself.</summary>
    /// <param name="age">How old the look may be: many runs share one.</param>
    (int Count, long Memory) Living(TimeSpan age);

    /// <summary>
    /// Waits until the program writes or the process ends, at most for <paramref name="limit"/>, and passes on what was written. Returns false when
    /// neither happened.
    /// </summary>
    bool Wait(TimeSpan limit, Action<ProgramStream, ReadOnlySpan<byte>> read);

    /// <summary>Asks all processes to end, or ends them.</summary>
    void End(bool gently);

    /// <summary>Sends a line to a program that waits for an answer to its report.</summary>
    void Answer(string line);

    /// <summary>Starts a program. Throws <see cref="IOException"/> with the reason when that is not possible.</summary>
    /// <param name="start">What to start.</param>
    /// <param name="marks">The variables that only processes of this run have: <c>NAME=value</c>.</param>
    /// <param name="limits">What the run may use.</param>
    /// <param name="folders">The paths of the run.</param>
    static IRunningProgram Start(ProcessStart start, IReadOnlyList<string> marks, ProgramLimits limits, RunFolders folders) =>
        OperatingSystem.IsWindows() ? new WindowsProgram(start, limits, folders) : UnixProgram.Start(start, marks, limits, folders);
}
