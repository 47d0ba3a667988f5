using System.Text;
using Sweeps.Training;

namespace Sweeps.Runs;

/// <summary>
/// The content of a checkpoint: the training state and the reports of the run's epochs so far, so that the next owner of the run can report
/// epochs that are not in the log. Format: <c>SWRC</c>, version, epoch, generation, reports, state.
/// </summary>
/// <param name="Epoch">The last finished epoch.</param>
/// <param name="Generation">The generation of the assignment that wrote it.</param>
/// <param name="History">The reports of the epochs up to <paramref name="Epoch"/>, in order. Reports of recorded epochs may be missing.</param>
/// <param name="State">The bytes that <see cref="ITrainingSession.Save"/> wrote.</param>
public sealed record RunCheckpoint(int Epoch, int Generation, IReadOnlyList<EpochReport> History, ReadOnlyMemory<byte> State)
{
    private const byte Version = 1;
    private static readonly byte[] Magic = "SWRC"u8.ToArray();

    /// <summary>Writes the header, then the state of the session. Called on the slot's thread.</summary>
    public static byte[] Encode(int epoch, int generation, IReadOnlyCollection<EpochReport> history, ITrainingSession session)
    {
        using var bytes = new MemoryStream();
        using (var writer = new BinaryWriter(bytes, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(Magic);
            writer.Write(Version);
            writer.Write(epoch);
            writer.Write(generation);
            writer.Write(history.Count);
            foreach (var report in history)
                Write(writer, report);
        }
        session.Save(bytes);
        return bytes.ToArray();
    }

    /// <summary>Reads the output of <see cref="Encode"/>. Throws <see cref="InvalidDataException"/> for other bytes.</summary>
    public static RunCheckpoint Decode(ReadOnlyMemory<byte> data)
    {
        using var bytes = new MemoryStream(data.ToArray(), writable: false);
        using var reader = new BinaryReader(bytes, Encoding.UTF8);
        try
        {
            if (!reader.ReadBytes(Magic.Length).AsSpan().SequenceEqual(Magic))
                throw new InvalidDataException("The checkpoint does not start with SWRC.");
            var version = reader.ReadByte();
            if (version != Version)
                throw new InvalidDataException($"The checkpoint has version {version}; this version of the program reads {Version}.");
            var epoch = reader.ReadInt32();
            var generation = reader.ReadInt32();
            var count = reader.ReadInt32();
            // Every report has several bytes. A damaged number must not allocate memory for reports that the data cannot have.
            if (count < 0 || count > data.Length)
                throw new InvalidDataException($"The header of the checkpoint is damaged: it has {count} reports.");
            var history = new EpochReport[count];
            for (var i = 0; i < history.Length; i++)
                history[i] = Read(reader);
            return new RunCheckpoint(epoch, generation, history, data[(int)bytes.Position..]);
        }
        catch (Exception e) when (e is IOException or FormatException)
        {
            throw new InvalidDataException($"The header of the checkpoint is incomplete or damaged: {e.Message}", e);
        }
    }

    private static void Write(BinaryWriter writer, EpochReport report)
    {
        writer.Write(report.Epoch);
        writer.Write(report.Seconds);
        writer.Write(report.Last);
        writer.Write(report.Divergence is not null);
        if (report.Divergence is not null)
            writer.Write(report.Divergence);
        writer.Write(report.Metrics.Count);
        foreach (var (name, value) in report.Metrics)
        {
            writer.Write(name);
            writer.Write(value);
        }
    }

    private static EpochReport Read(BinaryReader reader)
    {
        var epoch = reader.ReadInt32();
        var seconds = reader.ReadDouble();
        var last = reader.ReadBoolean();
        var divergence = reader.ReadBoolean() ? reader.ReadString() : null;
        var metrics = new Dictionary<string, double>();
        for (var left = reader.ReadInt32(); left > 0; left--)
            metrics[reader.ReadString()] = reader.ReadDouble();
        return new EpochReport(epoch, metrics, seconds, divergence, last);
    }
}
