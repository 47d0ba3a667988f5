using Sweeps.Core;

namespace Sweeps.Training.Networks;

/// <summary>A hyperparameter that networks understand.</summary>
/// <param name="Name">Its name in our files.</param>
/// <param name="Aliases">What else people call it.</param>
/// <param name="Meaning">One line for help texts: what it is and what it takes.</param>
/// <param name="Apply">Sets it. Throws <see cref="ConfigurationException"/> when the value cannot be taken.</param>
public sealed record NetworkParameter(string Name, IReadOnlyList<string> Aliases, string Meaning, Action<NetworkSettings, Value> Apply);
