using Sweeps.Core.Search;

namespace Core.Tests.Support;

internal sealed class NoHistory : IHistory
{
    public static NoHistory Instance { get; } = new();

    public IReadOnlyList<Observation> Observations => [];
}
