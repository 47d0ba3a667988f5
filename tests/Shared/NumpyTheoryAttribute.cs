using Xunit;

namespace Tests.Shared;

/// <summary>A theory that needs Python 3 with NumPy: reported as skipped, with the reason, if there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NumpyTheoryAttribute : TheoryAttribute
{
    public NumpyTheoryAttribute() => Skip = PythonFactAttribute.WithNumpy is null ? "There is no Python with NumPy (python3-numpy)." : null;
}
