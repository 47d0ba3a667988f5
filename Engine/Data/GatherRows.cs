using System.Runtime.CompilerServices;
using Engine.Numerics;

namespace Engine.Data;

/// <summary>Copies examples by index into consecutive rows as scaled floats: to = from · factor + offset.</summary>
internal unsafe struct GatherRows : IKernel
{
    /// <summary>The features of all examples, (examples × features), as bytes or floats; exactly one of the two pointers is set.</summary>
    public byte* Bytes;
    public float* Floats;

    public int* Indices;
    public float* Factor, Offset, To;

    /// <summary>Whether all factors are equal and all offsets are equal.</summary>
    public bool IsUniform;

    public int Count, Features, Stride;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Run<L, V>() where L : struct, ILanes<V> where V : struct
    {
        float* factor = Factor, offset = Offset;
        int features = Features, whole = features / L.Width * L.Width;
        for (var row = 0; row < Count; row++)
        {
            var to = To + (long)row * Stride;
            if (Bytes is not null && IsUniform)
            {
                var from = Bytes + (long)Indices[row] * features;
                V scale = L.Broadcast(*factor), shift = L.Broadcast(*offset);
                for (var i = 0; i < whole; i += L.Width)
                    L.Store(to + i, L.Fma(L.LoadBytes(from + i), scale, shift));
                for (var i = whole; i < features; i++)
                    to[i] = MathF.FusedMultiplyAdd(from[i], *factor, *offset);
            }
            else if (Bytes is not null)
            {
                var from = Bytes + (long)Indices[row] * features;
                for (var i = 0; i < whole; i += L.Width)
                    L.Store(to + i, L.Fma(L.LoadBytes(from + i), L.Load(factor + i), L.Load(offset + i)));
                for (var i = whole; i < features; i++)
                    to[i] = MathF.FusedMultiplyAdd(from[i], factor[i], offset[i]);
            }
            else
            {
                var from = Floats + (long)Indices[row] * features;
                for (var i = 0; i < whole; i += L.Width)
                    L.Store(to + i, L.Fma(L.Load(from + i), L.Load(factor + i), L.Load(offset + i)));
                for (var i = whole; i < features; i++)
                    to[i] = MathF.FusedMultiplyAdd(from[i], factor[i], offset[i]);
            }
        }
    }
}
