namespace Sweeps.Log;

/// <summary>A newer version of the program wrote the log. Nothing is wrong with it, and nothing may be appended by this version.</summary>
public sealed class LogVersionException(string message) : Exception(message);
