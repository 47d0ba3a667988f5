using Orleans;
using Orleans.CodeGeneration;
using Orleans.Runtime;
using Sweeps.Core;

namespace Grains.Contracts;

/// <summary>
/// The coordinator of one sweep, as nodes use it; the same grain as <see cref="ISweepCoordinatorGrain"/>. Its version is that of the assignments: the
/// first request of a newer silo moves the coordinator to a newer silo, because only that one knows which silos cannot read its assignments. Clients
/// do not use it, so that a newer client can read from older silos.
/// </summary>
[Version(Assignment.Format), Alias("sweeps.work")]
public interface ISweepWorkGrain : IGrainWithStringKey
{
    /// <summary>
    /// Decides a request for work. Throws <see cref="SiloUnavailableException"/> if the silo that requests work has been declared dead.
    /// </summary>
    [Alias("request")]
    Task<WorkReply> Request(RequestWork request, CancellationToken cancel = default);
}
