using System.Runtime.CompilerServices;
using Engine.Simd;

namespace Engine.Convolution;

/// <summary>The mean of the window, summed row by row.</summary>
internal unsafe struct AveragePooling : IPooling
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Forward<L, V>(float* from, float* to, float* note, in PoolingWindows w) where L : struct, ILanes<V> where V : struct
    {
        int channels = w.Input.Channels, line = w.Input.Width * channels, c = 0;
        var share = 1f / (w.Height * w.Width);
        for (; c <= channels - L.Width; c += L.Width)
        {
            var sum = L.Zero;
            for (var y = 0; y < w.Height; y++)
            {
                for (var x = 0; x < w.Width; x++)
                    sum = L.Add(sum, L.Load(from + y * line + x * channels + c));
            }
            L.Store(to + c, L.Multiply(sum, L.Broadcast(share)));
        }
        for (; c < channels; c++)
        {
            var sum = 0f;
            for (var y = 0; y < w.Height; y++)
            {
                for (var x = 0; x < w.Width; x++)
                    sum += from[y * line + x * channels + c];
            }
            to[c] = sum * share;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Backward<L, V>(float* to, float* gradient, float* note, in PoolingWindows w) where L : struct, ILanes<V> where V : struct
    {
        int channels = w.Input.Channels, line = w.Input.Width * channels;
        var share = 1f / (w.Height * w.Width);
        for (var y = 0; y < w.Height; y++)
        {
            for (var x = 0; x < w.Width; x++)
            {
                var pixel = to + y * line + x * channels;
                var c = 0;
                for (; c <= channels - L.Width; c += L.Width)
                    L.Store(pixel + c, L.Multiply(L.Load(gradient + c), L.Broadcast(share)));
                for (; c < channels; c++)
                    pixel[c] = gradient[c] * share;
            }
        }
    }
}
