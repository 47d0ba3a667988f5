using Sweeps.Core.Search;

namespace Sweeps.Tests.Space;

internal sealed class NoHistory : IHistory
{
    public static NoHistory Instance { get; } = new();

    public IReadOnlyList<Observation> Observations => [];
}
