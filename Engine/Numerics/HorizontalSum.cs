using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Engine.Numerics;

/// <summary>Reductions of sixteen lanes by halving, in the same order on every machine.</summary>
internal static unsafe class HorizontalSum
{
    /// <summary>The sum of sixteen floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Of(float* lanes)
    {
        var s = (Vector128.Load(lanes) + Vector128.Load(lanes + 8)) + (Vector128.Load(lanes + 4) + Vector128.Load(lanes + 12));
        return (s[0] + s[2]) + (s[1] + s[3]);
    }

    /// <summary>The largest of sixteen floats; NaN if one is NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Largest(float* lanes)
    {
        var low = Vector128.Max(Vector128.Load(lanes), Vector128.Load(lanes + 8));
        var m = Vector128.Max(low, Vector128.Max(Vector128.Load(lanes + 4), Vector128.Load(lanes + 12)));
        return MathF.Max(MathF.Max(m[0], m[2]), MathF.Max(m[1], m[3]));
    }
}
