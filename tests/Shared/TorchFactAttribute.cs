using Xunit;

namespace Tests.Shared;

/// <summary>A test that needs Python 3 with PyTorch: reported as skipped, with the reason, if there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TorchFactAttribute : FactAttribute
{
    public TorchFactAttribute() => Skip = PythonFactAttribute.WithTorch is null ? "There is no Python with PyTorch (python3-torch)." : null;
}
