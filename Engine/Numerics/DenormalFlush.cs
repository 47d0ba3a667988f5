using System.Runtime.InteropServices;

namespace Engine.Numerics;

/// <summary>
/// Makes the calling thread treat denormal floats as zero until it is disposed. Moments of weights without gradient decay into denormals,
/// on which processors are up to a hundred times slower. .NET has no API for this, so the bits are set in the C library's floating-point
/// environment: flush-to-zero and denormals-are-zero of MXCSR on x64, FZ of FPCR on ARM64.
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

    /// <summary>
    /// Whether the processor and the C library support it. If not, results are the same but training may be several times slower.
    /// </summary>
    public static bool Available { get; } = Try();

    /// <summary>Whether this thread flushes.</summary>
    [field: ThreadStatic]
    public static bool IsOnThisThread { get; private set; }

    /// <summary>Disables flushing on this thread, so that tests can compare both paths.</summary>
    [field: ThreadStatic]
    internal static bool IsForbiddenOnThisThread { get; set; }

    /// <summary>Enables flushing on this thread. Does nothing when <see cref="Available"/> is false.</summary>
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

    /// <summary>Restores the previous state of the thread.</summary>
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
        // The default control word of x64 masks all exceptions. If these bits are set, the environment has the expected layout.
        return RuntimeInformation.ProcessArchitecture != Architecture.X64 || (*Control(environment) & 0x1F80) == 0x1F80;
    }
}
