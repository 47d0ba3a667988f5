using System.Runtime.InteropServices;
using Sweeps.Programs;

namespace Runtime.Tests.Programs;

public class WindowsProgramTests
{
    /// <summary>The sizes of winnt.h on 64-bit Windows: a structure of another size is refused by the kernel.</summary>
    [Fact]
    public void The_structures_have_the_size_that_Windows_expects()
    {
        if (!Environment.Is64BitProcess)
            return;
#pragma warning disable CA1416 // Layouts are those of every 64-bit system; nothing of Windows is called.
        Assert.Equal((144, 48), (Marshal.SizeOf<WindowsProgram.ExtendedLimits>(), Marshal.SizeOf<WindowsProgram.Accounting>()));
#pragma warning restore CA1416
    }
}
