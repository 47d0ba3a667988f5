using Sweeps.Core;

namespace Client.Views;

/// <summary>One run as a table shows it.</summary>
/// <param name="Run">Its number.</param>
/// <param name="Name">Its readable name.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Epoch">The last recorded epoch, 0 before the first.</param>
/// <param name="Until">The last epoch it may train to.</param>
/// <param name="Best">Its best value of the objective so far, as reported; null before the first finite one.</param>
/// <param name="BestEpoch">The epoch of <paramref name="Best"/>, 0 before the first.</param>
public sealed record RunView(int Run, string Name, RunState State, int Epoch, int Until, double? Best, int BestEpoch);
