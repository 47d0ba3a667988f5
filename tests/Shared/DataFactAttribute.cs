using Xunit;

namespace Tests.Shared;

/// <summary>A test that needs the real data sets: reported as skipped, with the reason, if SWEEP_DATA does not name a folder.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DataFactAttribute : FactAttribute
{
    public DataFactAttribute() => Skip = RealData.Missing;
}
