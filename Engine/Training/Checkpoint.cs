using System.Runtime.InteropServices;
using System.Text;
using Engine.Memory;

namespace Engine.Training;

/// <summary>
/// The format of a saved training state, version 1, little-endian: magic <c>SWCK</c>, version, a description of the model, progress,
/// the small states of optimizer, schedule and early stopping, then the arrays (weights, moments, best weights) as they lie in memory,
/// and the magic again.
/// </summary>
internal static class Checkpoint
{
    private const int Version = 1;
    private static ReadOnlySpan<byte> Magic => "SWCK"u8;

    public static void Write(Trainer trainer, Stream destination)
    {
        using var writer = new BinaryWriter(destination, Encoding.UTF8, leaveOpen: true);
        writer.Write(Magic);
        writer.Write(Version);
        writer.Write(Describe(trainer));
        Write(writer, trainer.Progress);
        Write(writer, trainer.Optimizer.State);
        Write(writer, trainer.Schedule.State);
        var stopping = trainer.Stopping.State;
        writer.Write(stopping.Loss);
        writer.Write(stopping.Waited);
        writer.Write(stopping.Stopped);
        foreach (var array in Arrays(trainer))
            writer.Write(MemoryMarshal.AsBytes(array.Span));
        writer.Write(Magic);
    }

    /// <summary>Fills the trainer's arrays and small states and returns its progress.</summary>
    public static Progress Read(Trainer trainer, Stream source)
    {
        try
        {
            using var reader = new BinaryReader(source, Encoding.UTF8, leaveOpen: true);
            Expect(reader, "This is not a checkpoint: it does not start with 'SWCK'.");
            var version = reader.ReadInt32();
            if (version != Version)
                throw new InvalidDataException($"The checkpoint has format version {version}, but this program reads version {Version}.");
            var (saved, ours) = (reader.ReadString(), Describe(trainer));
            if (saved != ours)
                throw new InvalidDataException($"The checkpoint is of another model.\n  saved: {saved}\n  here:  {ours}");
            var progress = ReadProgress(reader);
            Read(reader, trainer.Optimizer.State);
            Read(reader, trainer.Schedule.State);
            trainer.Stopping.State = (reader.ReadDouble(), reader.ReadInt32(), reader.ReadBoolean());
            foreach (var array in Arrays(trainer))
                reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(array.Span));
            Expect(reader, "The checkpoint is damaged: it does not end with 'SWCK'.");
            return progress;
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidDataException("The checkpoint is truncated: it ends before its arrays do. Load an older one.", e);
        }
    }

    /// <summary>What must agree for the arrays to mean the same.</summary>
    private static string Describe(Trainer trainer)
    {
        var o = trainer.Options;
        var shapes = string.Join(' ', trainer.Model.Network.Parameters.Select(p => $"{p.Name}({string.Join('x', p.Shape)})"));
        var optimizer = Options(Optimizers.Catalog.Resolve(o.Optimizer, o.OptimizerOptions));
        var schedule = Options(Schedules.Catalog.Resolve(o.Schedule, o.ScheduleOptions));
        var convolutions = string.Concat(o.Convolutions.Select(c => $"{c}; "));
        var augmentation = o.AugmentShift > 0 || o.AugmentFlip ? $"; moved {o.AugmentShift} {o.AugmentFlip}" : "";
        return FormattableString.Invariant($"""
            {trainer.Data.Name} {trainer.Data.Train.Count}; seed {trainer.Seed}; {shapes}; {convolutions}{string.Join(',', o.Activations)}; dropout {o.Dropout}; {o.Initializer}; {o.Loss} {o.LabelSmoothing}; {o.Optimizer} {optimizer}; decay {o.WeightDecay}; clip {o.ClipNorm}; batch {o.BatchSize}; {o.Schedule} {schedule}; patience {o.Patience} {o.RestoreBest}; validation {o.ValidationShare} {o.Stratified} {o.SplitSeed}; {o.Scaling}{augmentation}
            """);
    }

    private static string Options(IReadOnlyDictionary<string, double> options) =>
        string.Join(' ', options.OrderBy(o => o.Key, StringComparer.Ordinal).Select(o => FormattableString.Invariant($"{o.Key}={o.Value:R}")));

    private static IEnumerable<NativeBuffer> Arrays(Trainer trainer) =>
        trainer.Model.Network.Parameters.Select(p => p.Values).Concat(trainer.StepSink.Moments.Where(m => m.Length > 0)).Concat(trainer.Stopping.Best);

    private static void Write(BinaryWriter writer, in Progress progress)
    {
        writer.Write(progress.Epoch);
        writer.Write(progress.Batch);
        writer.Write(progress.Steps);
        writer.Write(progress.Passes);
        writer.Write(progress.Examples);
        writer.Write(progress.Loss);
        writer.Write(progress.Correct);
        writer.Write(progress.GradientNorm);
        writer.Write(progress.Seconds);
        writer.Write(progress.Diverged);
    }

    private static Progress ReadProgress(BinaryReader reader) => new(
        reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt64(), reader.ReadUInt64(), reader.ReadInt64(), reader.ReadDouble(),
        reader.ReadInt64(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadBoolean());

    private static void Write(BinaryWriter writer, Span<double> state)
    {
        foreach (var value in state)
            writer.Write(value);
    }

    private static void Read(BinaryReader reader, Span<double> state)
    {
        for (var i = 0; i < state.Length; i++)
            state[i] = reader.ReadDouble();
    }

    private static void Expect(BinaryReader reader, string otherwise)
    {
        Span<byte> magic = stackalloc byte[4];
        reader.BaseStream.ReadExactly(magic);
        if (!magic.SequenceEqual(Magic))
            throw new InvalidDataException(otherwise);
    }
}
