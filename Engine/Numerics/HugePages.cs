namespace Engine.Numerics;

/// <summary>
/// Asks Linux to back a large array by pages of 2 MB. Examples are read in random order; with pages of 4 KB almost every read would miss
/// the TLB, which makes training a small network 3 to 7 % slower.
/// </summary>
internal static unsafe class HugePages
{
    private const int AdviseHugePages = 14, AdviseCollapse = 25;
    private const nint PageBytes = 2 << 20;

    private static readonly delegate* unmanaged<nint, nint, int, int> Advise = (delegate* unmanaged<nint, nint, int, int>)CLibrary.Find("madvise");

    /// <summary>
    /// Requests huge pages for the whole pages inside an array: immediately on Linux 6.1 or later, else in the background. Without support
    /// the array keeps its small pages.
    /// </summary>
    public static void Ask<T>(T[] array) where T : unmanaged
    {
        if (!OperatingSystem.IsLinux() || Advise is null)
            return;
        fixed (T* data = array)
        {
            var start = ((nint)data + PageBytes - 1) & -PageBytes;
            var end = ((nint)data + array.LongLength * sizeof(T)) & -PageBytes;
            if (end > start && Advise(start, (nint)(end - start), AdviseHugePages) == 0)
                Advise(start, (nint)(end - start), AdviseCollapse);
        }
    }
}
