namespace Sweeps.Hosting;

/// <summary>There is no sweep with this id.</summary>
public sealed class SweepNotFoundException(string sweep) : Exception($"There is no sweep '{sweep}' here; `sweep list` shows what there is.");

/// <summary>The coordinator is going down. What the command did is unknown: send it again, to the next one.</summary>
public sealed class CoordinatorClosedException(string sweep) : Exception($"The coordinator of the sweep '{sweep}' is closing.");

/// <summary>The checkpoint store knows a newer generation of the run.</summary>
internal sealed class GenerationLostException() : Exception("A newer assignment owns the run.");

/// <summary>An append has failed too often.</summary>
internal sealed class GaveUpException(Exception inner) : Exception("The store has failed too often.", inner);
