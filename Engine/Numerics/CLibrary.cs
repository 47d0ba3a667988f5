using System.Runtime.InteropServices;

namespace Engine.Numerics;

/// <summary>Functions of the C library that .NET has no API for.</summary>
internal static class CLibrary
{
    /// <summary>The address of a function of glibc or musl; 0 when the library or the function does not exist.</summary>
    public static nint Find(string function)
    {
        if (!OperatingSystem.IsLinux())
            return 0;
        foreach (var library in (ReadOnlySpan<string>)["libc.so.6", "libm.so.6", "libc.musl-x86_64.so.1", "libc.musl-aarch64.so.1"])
            if (NativeLibrary.TryLoad(library, out var handle) && NativeLibrary.TryGetExport(handle, function, out var address))
                return address;
        return 0;
    }
}
