namespace Engine;

/// <summary>Something the caller asked for cannot be trained: an unknown name, a number out of range, data that do not fit the model.</summary>
public sealed class EngineException(string message, Exception? inner = null) : Exception(message, inner);
