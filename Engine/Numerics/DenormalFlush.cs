using System.Runtime.InteropServices;

namespace Engine.Numerics;

/// <summary>
/// Makes the calling thread treat denormal floats as zero until it is disposed. Moments of weights without gradient decay into denormals,
/// on which processors are up to a hundred times slower. .NET has no API for it; the C library's floating-point environment holds the
/// bits: flush-to-zero and denormals-are-zero of MXCSR on x64, FZ of FPCR on ARM64.
/// </summary>
public readonly unsafe ref struct DenormalFlush : IDisposable
{
    private const int EnvironmentBytes = 64, MxcsrOffset = 28;
    private const uint FlushAndZero = 0x8040, FlushArm = 1 << 24;

    private static readonly delegate* unmanaged<byte*, int> Get = (delegate* unmanaged<byte*, int>)CLibrary.Find("fegetenv");
    private static readonly delegate* unmanaged<byte*, int> Set = (delegate* unmanaged<byte*, int>)CLibrary.Find("fesetenv");

    private readonly uint before;
    private readonly bool changed;

    private DenormalFlush(uint before)
    {
        this.before = before;
        changed = true;
    }

    /// <summary>Whether the processor and the C library allow it; if not, training is right but may be several times slower.</summary>
    public static bool Available { get; } = Try();

    /// <summary>Whether this thread flushes.</summary>
    [field: ThreadStatic]
    public static bool IsOnThisThread { get; private set; }

    /// <summary>Makes this thread do without, as where the processor or the C library do not allow it; for comparing the two.</summary>
    [field: ThreadStatic]
    internal static bool IsForbiddenOnThisThread { get; set; }

    /// <summary>Switches flushing on for this thread.</summary>
    public static DenormalFlush OnThisThread()
    {
        if (!Available || IsForbiddenOnThisThread)
            return default;
        var environment = stackalloc byte[EnvironmentBytes];
        Get(environment);
        var before = *Control(environment);
        *Control(environment) = before | Bits;
        Set(environment);
        IsOnThisThread = true;
        return new DenormalFlush(before);
    }

    /// <summary>Puts the thread back to what it was.</summary>
    public void Dispose()
    {
        if (!changed)
            return;
        var environment = stackalloc byte[EnvironmentBytes];
        Get(environment);
        *Control(environment) = before;
        Set(environment);
        IsOnThisThread = (before & Bits) == Bits;
    }

    private static uint Bits => RuntimeInformation.ProcessArchitecture == Architecture.X64 ? FlushAndZero : FlushArm;

    private static uint* Control(byte* environment) =>
        (uint*)(environment + (RuntimeInformation.ProcessArchitecture == Architecture.X64 ? MxcsrOffset : 0));

    private static bool Try()
    {
        if (!OperatingSystem.IsLinux() || Get is null || Set is null
            || RuntimeInformation.ProcessArchitecture is not (Architecture.X64 or Architecture.Arm64))
            return false;
        var environment = stackalloc byte[EnvironmentBytes];
        if (Get(environment) != 0)
            return false;
        // The default control word of the architecture, all exceptions masked, shows that the layout is the one we know.
        return RuntimeInformation.ProcessArchitecture != Architecture.X64 || (*Control(environment) & 0x1F80) == 0x1F80;
    }
}
