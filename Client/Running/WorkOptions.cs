namespace Client.Running;

/// <summary>How this process works on a sweep.</summary>
/// <param name="Data">The folder of data sets from the command line, or null.</param>
/// <param name="Slots">How many runs train at a time, or null for one per core.</param>
public sealed record WorkOptions(string? Data, int? Slots);
