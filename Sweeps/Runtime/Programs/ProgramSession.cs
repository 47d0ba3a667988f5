using System.Globalization;
using System.Text;
using Sweeps.Core;
using Sweeps.Training;

namespace Sweeps.Programs;

/// <summary>
/// The training session of a run whose epochs a process reports. The process is started for the first epoch, after a checkpoint was loaded, and again if
/// it ended at the requested epoch without the verdict continue, and the run continues. The thread of the slot waits for the process and reads its output.
/// </summary>
internal sealed class ProgramSession : ITrainingSession
{
    private const byte StateVersion = 1;
    private const int LinesOfReason = 3;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100), CopyInterval = TimeSpan.FromSeconds(10), HardLimit = TimeSpan.FromSeconds(5);

    private readonly ProgramSpec spec;
    private readonly RunStart start;
    private readonly ProgramEvidence evidence;
    private readonly TimeProvider time;
    private readonly Queue<ProgramReport> reports = [];
    private readonly List<(string, string)> notes = [];
    private readonly HashSet<string> logged = new(StringComparer.Ordinal);
    private readonly LastLines lines = new();
    private ReportReader reader;
    private LineSplitter output, errors, reported;
    private RunFolders? folders;
    private CheckpointFolder? checkpoint;
    private ArtifactFolder? artifacts;
    private RunLog? log;
    private IRunningProgram? program;
    private LimitWatch? limits;
    private string? noted;
    private int? until;
    private int reached;
    private bool first, fromZero, interrupted, spoke;
    private int? asked, continuedAt;
    private Verdict? ending;
    private long reportedAt, copiedAt;

    public ProgramSession(ProgramSpec spec, RunStart start, ProgramEvidence evidence, TimeProvider time)
    {
        (this.spec, this.start, this.evidence, this.time) = (spec, start, evidence, time);
        (reader, output, errors, reported) = Readers();
    }

    /// <inheritdoc/>
    public int Epoch { get; private set; }

    private ProgramHost Host => start.Host ?? throw new ProgramException("This node runs no programs.", permanent: false);

    /// <inheritdoc/>
    public EpochReport TrainEpoch(CancellationToken cancel)
    {
        if (program is null)
            Launch();
        Answer(Verdict.Continue);
        while (true)
        {
            if (reports.TryDequeue(out var report))
            {
                if (Take(report) is { } epoch)
                    return epoch;
                continue;
            }
            if (reader.Refused is { } refused)
            {
                // A program that asks would wait for ever for the answer to such a report.
                StopTree(gently: false);
                throw Failure($"was ended: {refused}", permanent: true);
            }
            if (program!.Exit is { } exit)
            {
                if (Ended(exit) is { } last)
                    return last;
                continue;
            }
            if (cancel.IsCancellationRequested)
            {
                interrupted = true;
                cancel.ThrowIfCancellationRequested();
            }
            if (limits!.Exceeded(program) is { } exceeded)
            {
                StopTree(gently: false);
                throw Failure($"was ended: {exceeded}", permanent: true);
            }
            program.Wait(Step, Read);
            log!.FlushWhenDue();
        }
    }

    /// <inheritdoc/>
    public bool Prepare()
    {
        // After a drain, end the program first, so that it can write its state when it gets the signal.
        if (interrupted)
            StopTree(gently: true);
        Copy();
        return checkpoint is { Epoch: > 0 };
    }

    /// <inheritdoc/>
    public void Save(Stream destination)
    {
        using var writer = new BinaryWriter(destination, Encoding.UTF8, leaveOpen: true);
        writer.Write(StateVersion);
        writer.Write(checkpoint!.Epoch);
        writer.Write(fromZero);
        writer.Flush();
        checkpoint.Save(destination);
    }

    /// <inheritdoc/>
    public void Load(Stream source)
    {
        using var reader = new BinaryReader(source, Encoding.UTF8, leaveOpen: true);
        try
        {
            if (reader.ReadByte() is not StateVersion and var version)
                throw new InvalidDataException($"The checkpoint of a program has version {version}; this version of sweep reads {StateVersion}.");
            Epoch = reader.ReadInt32();
            fromZero = reader.ReadBoolean();
            OpenFolders();
            checkpoint!.Load(Epoch, source);
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidDataException("The checkpoint of a program is incomplete.", e);
        }
    }

    /// <inheritdoc/>
    public void SaveWeights(Stream destination) { }

    /// <inheritdoc/>
    public void LoadWeights(ReadOnlyMemory<byte> weights) { }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> EvaluateTest() => new Dictionary<string, double>();

    /// <inheritdoc/>
    public IReadOnlyList<(string Topic, string Text)> DequeueNotes()
    {
        if (notes.Count == 0)
            return [];
        var taken = notes.ToArray();
        notes.Clear();
        return taken;
    }

    /// <inheritdoc/>
    public void End(Verdict verdict) => ending = verdict;

    /// <inheritdoc/>
    public void Dispose()
    {
        StopTree(gently: ending != Verdict.Abandon);
        // Do not copy the files of an abandoned run, because another node may have taken it over and write its own.
        if (ending != Verdict.Abandon)
            Note(artifacts?.Close());
        log?.Dispose();
        if (folders is not null && Directory.Exists(folders.Root))
            Directory.Delete(folders.Root, recursive: true);
    }

    private (ReportReader, LineSplitter, LineSplitter, LineSplitter) Readers()
    {
        var found = new ReportReader(start.Objective, spec.Patterns);
        return (found,
            new LineSplitter(line =>
            {
                lines.Add(line);
                Enqueue(found.Output(line));
            }),
            new LineSplitter(lines.Add),
            new LineSplitter(line => Enqueue(found.Report(line))));
    }

    private void Enqueue(ProgramReport? report)
    {
        if (report is not null)
            reports.Enqueue(report);
    }

    private RunFolders OpenFolders()
    {
        if (folders is not null)
            return folders;
        var name = ProgramHost.NameOf(start.Run);
        folders = new RunFolders(Path.Combine(Host.Work(start.Sweep), $"{name}-g{start.Generation}"), Path.Combine(Host.Artifacts(start.Sweep), name));
        if (Directory.Exists(folders.Root))
            Directory.Delete(folders.Root, recursive: true);
        Directory.CreateDirectory(folders.Root);
        checkpoint = new CheckpointFolder(folders.Checkpoint, folders.Copy, spec.Limits.Checkpoint);
        artifacts = new ArtifactFolder(folders.Artifacts, Host.ArtifactStore, start.Sweep, start.Run);
        log = new RunLog(Host.Outputs, start.Sweep, start.Run, spec.Limits.Log, time);
        return folders;
    }

    private void Launch()
    {
        try
        {
            var paths = OpenFolders();
            checkpoint!.Open();
            artifacts!.Open(again: start.Generation > 1);
            reached = Math.Max(reached, Epoch);
            Epoch = checkpoint.Epoch;
            until = start.WaitAt.FirstOrDefault(epoch => epoch > reached) is > 0 and < SweepSpec.EpochLimit and var next ? next : null;
            var prepared = ProgramLauncher.Prepare(spec, start, Host, paths, Epoch, until);
            (reader, output, errors, reported) = Readers();
            if (evidence.Of(prepared) is var text && text != noted)
                notes.Add((NoteTopic.Program, noted = text));
            log!.Note($"{prepared.Shown} (assignment {start.Generation}, from epoch {Epoch + 1})");
            program = IRunningProgram.Start(prepared, ProgramEnvironment.Marks(start), spec.Limits, paths);
            limits = new LimitWatch(spec.Limits, time, paths.Artifacts, paths.Checkpoint);
            (first, asked, continuedAt) = (true, null, null);
            reportedAt = time.GetTimestamp();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or OperationCanceledException or System.Data.Common.DbException)
        {
            throw new ProgramException($"{spec.Name} could not be started: {e.Message}", permanent: false);
        }
    }

    private void Read(ProgramStream stream, ReadOnlySpan<byte> bytes)
    {
        if (stream != ProgramStream.Reports)
            log!.Write(bytes);
        (stream switch { ProgramStream.Output => output, ProgramStream.Errors => errors, _ => reported }).Add(bytes);
        NoteMistake();
    }

    /// <summary>Writes a text to the log of the run, once.</summary>
    private void Note(string? text)
    {
        if (text is not null && logged.Add(text))
            log?.Note(text);
    }

    private void NoteMistake()
    {
        if (reader.Mistake is { } mistake)
            Note($"a report was not read: {mistake}");
    }

    /// <summary>Returns the epoch of a report; null for an epoch that was just reported. Throws <see cref="ProgramException"/> for a gap.</summary>
    private EpochReport? Take(ProgramReport report)
    {
        if (first && report.Epoch == 0 && Epoch == 0)
            fromZero = true;
        var number = report.Epoch + (fromZero ? 1 : 0) ?? Epoch + 1;
        // A program without a checkpoint starts again; its first report then has an earlier epoch.
        var again = first && number >= 1 && number <= Epoch;
        (first, spoke) = (false, true);
        if (number == Epoch && !again)
        {
            log!.Note($"epoch {report.Epoch ?? number} was reported twice; the first report counts");
            asked = report.Ask ? report.Epoch ?? number : null;
            Answer(Verdict.Continue);
            return null;
        }
        if (number != Epoch + 1 && !again)
        {
            StopTree(gently: false);
            throw Failure(
                $"reported epoch {report.Epoch} {(Epoch == 0 ? "first" : $"after epoch {Epoch - (fromZero ? 1 : 0)}")}: epochs are reported one by one, in order", permanent: true);
        }
        var seconds = time.GetElapsedTime(reportedAt).TotalSeconds;
        reportedAt = time.GetTimestamp();
        limits!.Reported();
        (Epoch, asked) = (number, report.Ask ? report.Epoch ?? number : null);
        if (spec.Checkpoints != false && (report.Checkpoint || spec.Checkpoints == true))
            checkpoint!.Mark(number);
        else if (spec.Checkpoints != false && checkpoint!.OwnEpoch is { } own && own + (fromZero ? 1 : 0) <= number)
            checkpoint.Mark(own + (fromZero ? 1 : 0));
        if (start.WaitAt.Contains(number) || time.GetElapsedTime(copiedAt) >= CopyInterval)
            Copy();
        return new EpochReport(number, report.Metrics, seconds);
    }

    private void Copy()
    {
        if (checkpoint is not { HasNewer: true })
            return;
        checkpoint.Copy();
        copiedAt = time.GetTimestamp();
        Note(checkpoint.Refusal);
        Note(checkpoint.Lack);
        Note(artifacts?.Save());
    }

    /// <summary>
    /// Handles the end of the process. Returns the last epoch again, marked as the last, if training is over; null if reports are left or the process was
    /// started again. Throws <see cref="ProgramException"/> if the program failed.
    /// </summary>
    private EpochReport? Ended(ProgramExit exit)
    {
        output.End();
        reported.End();
        errors.End();
        NoteMistake();
        if (reports.Count > 0 || reader.Refused is not null)
            return null;
        var memory = program!.OutOfMemory;
        StopTree(gently: false);
        if (!exit.Success)
            throw Failure(exit.ToString() + (Epoch > 0 ? $" after epoch {Epoch}" : "") + memory, permanent: exit.Signal == 0);
        if (!spoke && Epoch == 0)
            throw Failure(NoReport(), permanent: true);
        if (EndedForRung())
        {
            Launch();
            return null;
        }
        return new EpochReport(Epoch, new Dictionary<string, double>(), 0, Last: true);
    }

    /// <summary>
    /// Whether the process ended because it reached the requested epoch, and is started again for the next rung. A program that got the verdict
    /// continue at this epoch ended by itself. So did a program that is read by patterns and keeps no checkpoint: it does not know the requested epoch. Without progress since the last start
    /// another start would repeat that forever.
    /// </summary>
    private bool EndedForRung() => Epoch == until && Epoch > reached && Epoch < start.WaitAt[^1] && continuedAt != Epoch
        && (spec.Patterns.Count == 0 || checkpoint!.Epoch > 0);

    private string NoReport()
    {
        var seen = reader.Seen;
        var what = reader.Mistake is { } mistake ? mistake
            : seen.Count > 0 ? $"it reported {string.Join(", ", seen)}"
            : $"expected are lines such as @sweep {{\"epoch\": 1, \"{start.Objective}\": 0.5}}, or calls such as wandb.log({{'{start.Objective}': 0.5}})";
        return $"ended with exit code 0 and never reported '{start.Objective}'; {what}";
    }

    private ProgramException Failure(string what, bool permanent)
    {
        var text = lines.Text(LinesOfReason);
        var terminal = text.Contains("EOF when reading a line", StringComparison.Ordinal) || text.Contains("Inappropriate ioctl", StringComparison.Ordinal)
            ? " (Programs of a sweep have no terminal and an empty standard input.)"
            : "";
        return new ProgramException($"{spec.Name} {what}.{(text.Length > 0 ? $" Its last output: {text}" : "")}{terminal}", permanent);
    }

    private void Answer(Verdict verdict)
    {
        if (asked is not { } epoch)
            return;
        asked = null;
        continuedAt = verdict == Verdict.Continue ? Epoch : null;
        var answer = verdict switch { Verdict.Continue => "continue", Verdict.Pause => "pause", _ => "stop" };
        program!.Answer(string.Create(CultureInfo.InvariantCulture, $"{{\"epoch\": {epoch}, \"verdict\": \"{answer}\"}}\n"));
    }

    /// <summary>
    /// Ends all processes of the run. With <paramref name="gently"/>, a program that has asked for a verdict or has reached the requested epoch may end by
    /// itself; any other program is asked to end. After the grace period all processes are killed. Returns when none is alive, at the latest five seconds
    /// after that.
    /// </summary>
    private void StopTree(bool gently)
    {
        if (program is null)
            return;
        if (gently && program.Exit is null)
        {
            var willEnd = asked is not null || (until is { } wanted && Epoch >= wanted);
            if (ending is { } verdict)
                Answer(verdict);
            reports.Clear();
            if (!willEnd || !AwaitEnd(spec.StopGrace, untilReport: true))
            {
                program.End(gently: true);
                AwaitEnd(spec.StopGrace, untilReport: false);
            }
        }
        var since = time.GetTimestamp();
        while (program.Lives)
        {
            program.End(gently: false);
            program.Wait(TimeSpan.FromMilliseconds(10), Read);
            if (time.GetElapsedTime(since) > HardLimit)
                break;
        }
        program.Dispose();
        program = null;
    }

    private bool AwaitEnd(TimeSpan limit, bool untilReport)
    {
        var since = time.GetTimestamp();
        while (program!.Exit is null && time.GetElapsedTime(since) < limit && !(untilReport && reports.Count > 0))
            program.Wait(Step, Read);
        return program.Exit is not null;
    }
}
