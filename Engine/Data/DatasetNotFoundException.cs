namespace Engine.Data;

/// <summary>No data set has this name, or its files are nowhere that was searched and could not be downloaded.</summary>
public sealed class DatasetNotFoundException(string message, Exception? inner = null) : IOException(message, inner);
