namespace Engine.Data;

/// <summary>A data file that cannot be used: which file, where in it, what was found and what was expected there.</summary>
public sealed class DataFileException : IOException
{
    /// <param name="file">The file's path or address.</param>
    /// <param name="place">Where in the file: <c>byte 4</c>, <c>line 3, column 7</c>; null when the file as a whole is meant.</param>
    /// <param name="found">What is there.</param>
    /// <param name="expected">What should be there, or what to do; without a point at its end.</param>
    /// <param name="inner">The cause, if another error was.</param>
    public DataFileException(string file, string? place, string found, string expected, Exception? inner = null)
        : base($"{file}{(place is null ? "" : $", {place}")}: {found}; expected {expected}{(expected.EndsWith('?') ? "" : ".")}", inner)
    {
        File = file;
        Place = place;
        Found = found;
        Expected = expected;
    }

    /// <summary>The file's path or address.</summary>
    public string File { get; }

    /// <summary>Where in the file, or null for the whole file. Offsets of compressed files count uncompressed bytes.</summary>
    public string? Place { get; }

    /// <summary>What is there.</summary>
    public string Found { get; }

    /// <summary>What should be there.</summary>
    public string Expected { get; }
}
