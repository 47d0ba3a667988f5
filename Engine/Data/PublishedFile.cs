namespace Engine.Data;

/// <summary>A file as its authors published it.</summary>
/// <param name="Name">Its name, after each of the data set's addresses.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">The SHA-256 of its content, in lower-case hexadecimal.</param>
public sealed record PublishedFile(string Name, long Bytes, string Sha256);
