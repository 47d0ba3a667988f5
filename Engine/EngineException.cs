namespace Engine;

/// <summary>
/// A request that cannot be carried out: an unknown name, a number out of range, or data that do not fit the model. The message is written
/// for the user.
/// </summary>
public sealed class EngineException(string message, Exception? inner = null) : Exception(message, inner);
