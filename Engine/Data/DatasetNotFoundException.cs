namespace Engine.Data;

/// <summary>No data set has this name, or its files are in none of the searched folders and could not be downloaded.</summary>
public sealed class DatasetNotFoundException(string message, Exception? inner = null) : IOException(message, inner);
