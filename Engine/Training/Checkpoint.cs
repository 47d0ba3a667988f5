using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Engine.Networks;
using Engine.Numerics;

namespace Engine.Training;

/// <summary>
/// The format of a saved training state, version 2, little-endian: magic number <c>SWCK</c>, version, the settings of the run as (name,
/// value) pairs, progress, the states of optimizer, schedule and early stopping, the arrays (weights, moments) in their memory layout, and
/// the magic number again. Version 1 has the settings in one text and, for a run with patience, the weights of its best epoch after the
/// moments.
/// </summary>
internal static class Checkpoint
{
    private const int Version = 2, MaxTextBytes = 1 << 20;
    private static ReadOnlySpan<byte> Magic => "SWCK"u8;

    public static void Write(Trainer trainer, Stream destination)
    {
        using var writer = new BinaryWriter(destination, Encoding.UTF8, leaveOpen: true);
        writer.Write(Magic);
        writer.Write(Version);
        var meaning = Meaning(trainer);
        writer.Write(meaning.Count);
        foreach (var (name, value) in meaning)
        {
            writer.Write(name);
            writer.Write(value);
        }
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

    /// <summary>Restores the trainer's arrays and states and returns its progress. Throws <see cref="InvalidDataException"/>.</summary>
    public static Progress Read(Trainer trainer, Stream source)
    {
        try
        {
            using var reader = new BinaryReader(source, Encoding.UTF8, leaveOpen: true);
            Expect(reader, "This is not a checkpoint: it does not start with 'SWCK'.");
            var version = reader.ReadInt32();
            if (version is < 1 or > Version)
                throw new InvalidDataException($"The checkpoint has format version {version}, but this program reads versions 1 to {Version}.");
            var bestWeights = false;
            if (version == 1)
                bestWeights = CheckFirstVersion(trainer, ReadText(reader));
            else
                CheckMeaning(trainer, reader);
            var progress = ReadProgress(reader);
            if (progress.Epoch < 0 || progress.Batch < 0 || progress.Batch > trainer.Batches)
                throw new InvalidDataException($"The checkpoint is damaged: batch {progress.Batch} of {trainer.Batches} after {progress.Epoch} epochs. Load an older one.");
            Read(reader, trainer.Optimizer.State);
            Read(reader, trainer.Schedule.State);
            trainer.Stopping.State = (reader.ReadDouble(), reader.ReadInt32(), reader.ReadBoolean());
            foreach (var array in Arrays(trainer))
                reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(array.Span));
            if (bestWeights)
                reader.BaseStream.ReadExactly(new byte[trainer.Model.Network.Parameters.Sum(p => p.Values.Length) * sizeof(float)]);
            Expect(reader, "The checkpoint is damaged: it does not end with 'SWCK'.");
            return progress;
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidDataException("The checkpoint is truncated: it ends before its arrays do. Load an older one.", e);
        }
        catch (FormatException e)
        {
            throw new InvalidDataException("The checkpoint is damaged: the length of a text is not a number. Load an older one.", e);
        }
    }

    /// <summary>
    /// The settings, by name, that must be equal so that continued training gives the same bits as uninterrupted training. They do not
    /// include the location of the data, nor the last epoch of a cosine schedule, which grows when a sweep is extended.
    /// </summary>
    private static SortedDictionary<string, string> Meaning(Trainer trainer)
    {
        var o = trainer.Options;
        var meaning = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["training examples"] = Text(trainer.Data.Train.Count),
            ["seed"] = trainer.Seed.ToString(CultureInfo.InvariantCulture),
            ["parameters"] = Shapes(trainer),
            ["activations"] = string.Join(' ', o.Activations),
            ["dropout"] = Text(o.Dropout),
            ["loss"] = o.Loss!,
            ["label smoothing"] = Text(o.LabelSmoothing),
            ["huber delta"] = Text(o.HuberDelta),
            ["class weights"] = o.BalancedClasses ? "balanced" : string.Join(' ', o.ClassWeights.Select(Text)),
            ["optimizer"] = o.Optimizer,
            ["weight decay"] = Text(o.WeightDecay),
            ["clipping norm"] = Text(o.ClipNorm),
            ["batch size"] = Text(o.BatchSize),
            ["epoch examples"] = Text(o.EpochExamples),
            ["schedule"] = o.Schedule,
            ["patience"] = Text(o.Patience),
            ["least improvement"] = Text(o.MinDelta),
            ["validation share"] = Text(o.ValidationShare),
            ["stratified"] = $"{o.Stratified}",
            ["split seed"] = o.SplitSeed.ToString(CultureInfo.InvariantCulture),
            ["scaling"] = o.Scaling,
            ["shift"] = Text(o.AugmentShift),
            ["flip"] = $"{o.AugmentFlip}",
        };
        foreach (var (name, value) in Optimizers.Catalog.Resolve(o.Optimizer, o.OptimizerOptions))
            meaning[$"optimizer {name}"] = Text(value);
        foreach (var (name, value) in Schedules.Catalog.Resolve(o.Schedule, o.ScheduleOptions))
            if ((o.Schedule, name) is not ("cosine", "epochs"))
                meaning[$"schedule {name}"] = Text(value);
        for (var layer = 0; layer < o.Convolutions.Count; layer++)
            meaning[$"convolution {layer + 1}"] = o.Convolutions[layer].ToString();
        return meaning;
    }

    /// <summary>
    /// Compares the settings in the checkpoint with the trainer's. A name that exists on one side only comes from another version of the
    /// program and is ignored.
    /// </summary>
    private static void CheckMeaning(Trainer trainer, BinaryReader reader)
    {
        var ours = Meaning(trainer);
        for (var left = reader.ReadInt32(); left > 0; left--)
        {
            var (name, saved) = (ReadText(reader), ReadText(reader));
            if (ours.TryGetValue(name, out var here) && here != saved)
                throw new InvalidDataException($"The checkpoint is of another model: its {name} is {saved}, expected {here}.");
        }
    }

    /// <summary>
    /// Checks in a text of version 1 only the settings that determine the arrays. Returns whether the weights of the best epoch follow the
    /// moments.
    /// </summary>
    private static bool CheckFirstVersion(Trainer trainer, string saved)
    {
        var model = string.Create(CultureInfo.InvariantCulture, $" {trainer.Data.Train.Count}; seed {trainer.Seed}; {Shapes(trainer)}; ");
        if (!saved.Contains(model, StringComparison.Ordinal) || !saved.Contains($"; {trainer.Options.Optimizer} ", StringComparison.Ordinal))
            throw new InvalidDataException($"The checkpoint is of another model: {saved}, expected{model}{trainer.Options.Optimizer}.");
        return trainer.Options.Patience > 0 && saved.Contains($"; patience {trainer.Options.Patience} True; ", StringComparison.Ordinal);
    }

    private static string Shapes(Trainer trainer) =>
        string.Join(' ', trainer.Model.Network.Parameters.Select(p => $"{p.Name}({string.Join('x', p.Shape)})"));

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static IEnumerable<NativeBuffer> Arrays(Trainer trainer) =>
        trainer.Model.Network.Parameters.Select(p => p.Values).Concat(trainer.StepSink.Moments.Where(m => m.Length > 0));

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

    /// <summary>
    /// Reads a text that <see cref="BinaryWriter.Write(string)"/> wrote. <see cref="BinaryReader.ReadString"/> throws
    /// <see cref="IOException"/> for a damaged length, which callers cannot distinguish from an error of the disk.
    /// </summary>
    private static string ReadText(BinaryReader reader)
    {
        var length = reader.Read7BitEncodedInt();
        if (length is < 0 or > MaxTextBytes)
            throw new InvalidDataException($"The checkpoint is damaged: a text of {length} bytes. Load an older one.");
        var bytes = new byte[length];
        reader.BaseStream.ReadExactly(bytes);
        return Encoding.UTF8.GetString(bytes);
    }

    private static void Expect(BinaryReader reader, string otherwise)
    {
        Span<byte> magic = stackalloc byte[4];
        reader.BaseStream.ReadExactly(magic);
        if (!magic.SequenceEqual(Magic))
            throw new InvalidDataException(otherwise);
    }
}
