namespace Sweeps.Hosting;

/// <summary>A command that makes no sense to the coordinator: a defect of the sender. Sending it again would not help.</summary>
public sealed class CommandRefusedException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The checkpoint store knows a newer generation of the run.</summary>
internal sealed class GenerationLostException() : Exception("A newer assignment owns the run.");
