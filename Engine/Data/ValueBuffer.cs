namespace Engine.Data;

/// <summary>
/// A growing buffer of rows of numbers. Stored in chunks, so that growing copies nothing; as bytes while <paramref name="preferBytes"/> is
/// set and all numbers are integers from 0 to 255, else as floats.
/// </summary>
/// <param name="width">Numbers per row.</param>
/// <param name="preferBytes">Whether to store bytes while possible.</param>
internal sealed class ValueBuffer(int width, bool preferBytes)
{
    private readonly int chunkRows = Math.Max(1, (1 << 20) / Math.Max(1, width));
    private readonly List<byte[]> bytes = [];
    private readonly List<float[]> floats = [];
    private bool asBytes = preferBytes;

    /// <summary>The number of rows.</summary>
    public int Rows { get; private set; }

    /// <summary>Adds a row.</summary>
    public void Add(ReadOnlySpan<float> row)
    {
        if (asBytes && !TryAddBytes(row))
        {
            asBytes = false;
            floats.AddRange(bytes.Select(chunk => Array.ConvertAll(chunk, b => (float)b)));
            bytes.Clear();
        }
        if (!asBytes)
            row.CopyTo(Place(floats));
        Rows++;
    }

    /// <summary>All rows, (rows × width), as <c>byte[]</c> or <c>float[]</c>.</summary>
    public Array ToArray() => asBytes ? Join(bytes) : Join(floats);

    private bool TryAddBytes(ReadOnlySpan<float> row)
    {
        var place = Place(bytes);
        for (var i = 0; i < row.Length; i++)
        {
            if (!(row[i] is >= 0 and <= 255 && (byte)row[i] == row[i]))
                return false;
            place[i] = (byte)row[i];
        }
        return true;
    }

    private Span<T> Place<T>(List<T[]> chunks)
    {
        if (Rows == (long)chunks.Count * chunkRows)
            chunks.Add(new T[chunkRows * width]);
        return chunks[^1].AsSpan(Rows % chunkRows * width, width);
    }

    private T[] Join<T>(List<T[]> chunks)
    {
        var all = new T[(long)Rows * width];
        for (var i = 0; i < chunks.Count; i++)
            chunks[i].AsSpan(0, Math.Min(chunks[i].Length, all.Length - i * chunkRows * width)).CopyTo(all.AsSpan(i * chunkRows * width));
        return all;
    }
}
