using Xunit;

namespace Tests.Shared;

/// <summary>
/// A test that starts a PostgreSQL server: reported as skipped, with the reason, if none is installed, but not on the build server.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute() => Skip = PostgresServer.Missing;
}
