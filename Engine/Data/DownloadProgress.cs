namespace Engine.Data;

/// <summary>How far a download is.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Bytes">Bytes received.</param>
/// <param name="Total">Bytes of the whole file.</param>
public sealed record DownloadProgress(string File, long Bytes, long Total);
