namespace Engine.Data;

/// <summary>A published file of a data set.</summary>
/// <param name="Name">The name, relative to each of <see cref="PublishedDataset.Addresses"/>.</param>
/// <param name="Bytes">The length in bytes.</param>
/// <param name="Sha256">The SHA-256 of the content, in lower-case hexadecimal.</param>
public sealed record PublishedFile(string Name, long Bytes, string Sha256);
