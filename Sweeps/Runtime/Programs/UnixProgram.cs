namespace Sweeps.Programs;

/// <summary>A program on Linux or macOS: its own session with a tree of processes, and named pipes for reports and answers.</summary>
internal sealed class UnixProgram : IRunningProgram
{
    private readonly ProgramProcess process;
    private readonly ProcessTree tree;
    private readonly int reports, verdicts;
    private readonly long outOfMemory = ProcessTable.OutOfMemoryKills();

    private UnixProgram(ProgramProcess process, ProcessTree tree, int reports, int verdicts) =>
        (this.process, this.tree, this.reports, this.verdicts) = (process, tree, reports, verdicts);

    /// <inheritdoc/>
    public ProgramExit? Exit => process.Exit;

    /// <inheritdoc/>
    public bool Lives => process.Exit is null || (tree.MayHaveOrphans() && tree.ReadLiving(TimeSpan.Zero).Count > 0);

    /// <inheritdoc/>
    public string OutOfMemory => Exit is not { Signal: UnixNative.SIGKILL } ? ""
        : tree.OutOfMemory ? ": out of memory, more than limits.memory"
        : ProcessTable.OutOfMemoryKills() > outOfMemory ? ": this machine ran out of memory" : "";

    /// <inheritdoc cref="IRunningProgram.Start"/>
    public static UnixProgram Start(ProcessStart start, IReadOnlyList<string> marks, ProgramLimits limits, RunFolders folders)
    {
        UnixNative.BecomeSubreaper();
        var pipes = new List<int>();
        ProgramCgroup? group = null;
        try
        {
            foreach (var path in (string[])[folders.Reports, folders.Verdicts])
            {
                File.Delete(path);
                pipes.Add(UnixNative.NamedPipe(path));
            }
            group = ProgramCgroup.Create(limits);
            var process = ProgramProcess.Start(group?.Enter(start) ?? start, pipes[0]);
            return new UnixProgram(process, new ProcessTree(process.Id, marks, group), pipes[0], pipes[1]);
        }
        catch
        {
            group?.Dispose();
            foreach (var pipe in pipes)
                _ = UnixNative.close(pipe);
            throw;
        }
    }

    /// <inheritdoc/>
    public (int Count, long Memory) Living(TimeSpan age) => tree.ReadLiving(age) is var living ? (living.Count, living.Sum(one => one.Memory)) : default;

    /// <inheritdoc/>
    public bool Wait(TimeSpan limit, Action<ProgramStream, ReadOnlySpan<byte>> read) => process.Wait(limit, read);

    /// <inheritdoc/>
    public void End(bool gently) => tree.Signal(gently ? UnixNative.SIGTERM : UnixNative.SIGKILL);

    /// <inheritdoc/>
    public void Answer(string line) => UnixNative.Write(verdicts, line);

    /// <inheritdoc/>
    public void Dispose()
    {
        process.Dispose();
        tree.Dispose();
        _ = UnixNative.close(reports);
        _ = UnixNative.close(verdicts);
    }
}
