using System.Text.Json;
using Sweeps.Training;

namespace Sweeps.Programs.Drill;

/// <summary>The reports of one start of a program, and the values of its variables at each report.</summary>
internal sealed class DrillTrial
{
    /// <summary>Epoch → metrics.</summary>
    public SortedDictionary<int, IReadOnlyDictionary<string, double>> Epochs { get; } = [];

    /// <summary>Epoch → variable → its kind and value, as <c>sweep_drill.py</c> writes them; empty for programs that are not Python.</summary>
    public Dictionary<int, Dictionary<string, (string Kind, string Value)>> States { get; } = [];

    /// <summary>The checkpoint at the end; null if the program kept none.</summary>
    public byte[]? Checkpoint { get; private set; }

    /// <summary>The epoch of <see cref="Checkpoint"/>.</summary>
    public int CheckpointEpoch { get; private set; }

    /// <summary>The reason why the program failed, or null.</summary>
    public string? Failure { get; set; }

    /// <summary>Keeps the checkpoint of a session.</summary>
    public void Keep(ITrainingSession session)
    {
        if (!session.Prepare())
            return;
        using var saved = new MemoryStream();
        session.Save(saved);
        Checkpoint = saved.ToArray();
        // ProgramSession.Save writes the version in one byte, then the epoch.
        CheckpointEpoch = BitConverter.ToInt32(Checkpoint, 1);
    }

    /// <summary>Reads the file of variables that <c>sweep_drill.py</c> wrote; nothing if it does not exist.</summary>
    public void Read(string file)
    {
        if (!File.Exists(file))
            return;
        foreach (var line in File.ReadLines(file))
        {
            JsonElement note;
            try
            {
                note = JsonElement.Parse(line);
            }
            catch (JsonException)
            {
                // The program was killed while it wrote this line.
                continue;
            }
            States[note.GetProperty("epoch").GetInt32()] = note.GetProperty("state").EnumerateObject()
                .ToDictionary(entry => entry.Name, entry => (entry.Value[0].GetString()!, entry.Value[1].ToString()));
        }
    }
}
