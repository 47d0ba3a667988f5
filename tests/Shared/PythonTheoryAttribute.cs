using Xunit;

namespace Tests.Shared;

/// <summary>As <see cref="PythonFactAttribute"/>, for a theory.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PythonTheoryAttribute : TheoryAttribute
{
    public PythonTheoryAttribute() => Skip = PythonFactAttribute.Interpreter is null ? "python3 is not on the path." : null;
}
