using System.Runtime.CompilerServices;
using Engine.Numerics;

namespace Engine.Networks;

/// <summary>
/// Copies one pixel of every image, <see cref="Channels"/> floats each, to consecutive rows padded with zeros, and adds the pixel to
/// the sum over all pixels and images of each channel.
/// </summary>
internal unsafe struct PackPixel : IKernel
{
    public float* From, To, Sums;
    public int Count, Channels, FromStride, ToStride;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Run<L, V>() where L : struct, ILanes<V> where V : struct
    {
        var whole = Channels / L.Width * L.Width;
        for (var c = 0; c < whole; c += L.Width)
        {
            float* from = From + c, to = To + c;
            var sum = L.Load(Sums + c);
            for (var i = 0; i < Count; i++, from += FromStride, to += ToStride)
            {
                var value = L.Load(from);
                L.Store(to, value);
                sum = L.Add(sum, value);
            }
            L.Store(Sums + c, sum);
        }
        for (var c = whole; c < ToStride; c++)
        {
            float* from = From + c, to = To + c;
            var sum = Sums[c];
            for (var i = 0; i < Count; i++, from += FromStride, to += ToStride)
            {
                *to = c < Channels ? *from : 0;
                sum += *to;
            }
            Sums[c] = sum;
        }
    }
}
