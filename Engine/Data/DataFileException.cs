namespace Engine.Data;

/// <summary>A data file cannot be used. Holds the file, the position in it, the content found there and the content expected.</summary>
public sealed class DataFileException : IOException
{
    /// <param name="file">The file's path or address.</param>
    /// <param name="position">The position in the file: <c>byte 4</c>, <c>line 3, column 7</c>; null for the file as a whole.</param>
    /// <param name="found">The content at that position.</param>
    /// <param name="expected">The content that is needed there, or what the user must do; without a full stop.</param>
    /// <param name="inner">The exception that caused this one, or null.</param>
    public DataFileException(string file, string? position, string found, string expected, Exception? inner = null)
        : base($"{file}{(position is null ? "" : $", {position}")}: {found}; expected {expected}{(expected.EndsWith('?') ? "" : ".")}", inner)
    {
        File = file;
        Position = position;
        Found = found;
        Expected = expected;
    }

    /// <summary>The file's path or address.</summary>
    public string File { get; }

    /// <summary>The position in the file, or null for the whole file. Offsets in compressed files count uncompressed bytes.</summary>
    public string? Position { get; }

    /// <summary>The content at that position.</summary>
    public string Found { get; }

    /// <summary>The content that is needed there.</summary>
    public string Expected { get; }
}
