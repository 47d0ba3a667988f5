using System.Runtime.CompilerServices;
using Engine.Simd;

namespace Engine.Convolution;

/// <summary>The largest value of the window, the first of equals; the note is its number in the window.</summary>
internal unsafe struct MaxPooling : IPooling
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Forward<L, V>(float* from, float* to, float* note, in PoolingWindows w) where L : struct, ILanes<V> where V : struct
    {
        int channels = w.Input.Channels, line = w.Input.Width * channels, c = 0;
        for (; c <= channels - L.Width; c += L.Width)
        {
            var best = L.Load(from + c);
            var winner = L.Zero;
            for (int y = 0, number = 0; y < w.Height; y++)
            {
                for (var x = 0; x < w.Width; x++, number++)
                {
                    var value = L.Load(from + y * line + x * channels + c);
                    var larger = L.Less(best, value);
                    best = L.Select(larger, value, best);
                    winner = L.Select(larger, L.BroadcastBits((uint)number), winner);
                }
            }
            L.Store(to + c, best);
            L.Store(note + c, winner);
        }
        for (; c < channels; c++)
        {
            var best = from[c];
            var winner = 0;
            for (int y = 0, number = 0; y < w.Height; y++)
            {
                for (var x = 0; x < w.Width; x++, number++)
                {
                    var value = from[y * line + x * channels + c];
                    if (best < value)
                        (best, winner) = (value, number);
                }
            }
            to[c] = best;
            ((int*)note)[c] = winner;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Backward<L, V>(float* to, float* gradient, float* note, in PoolingWindows w) where L : struct, ILanes<V> where V : struct
    {
        int channels = w.Input.Channels, line = w.Input.Width * channels, c = 0;
        for (; c <= channels - L.Width; c += L.Width)
        {
            V winner = L.Load(note + c), value = L.Load(gradient + c), one = L.BroadcastBits(1);
            for (int y = 0, number = 0; y < w.Height; y++)
            {
                for (var x = 0; x < w.Width; x++, number++)
                {
                    var mine = L.LessBits(L.Xor(winner, L.BroadcastBits((uint)number)), one);
                    L.Store(to + y * line + x * channels + c, L.And(mine, value));
                }
            }
        }
        for (; c < channels; c++)
        {
            for (int y = 0, number = 0; y < w.Height; y++)
            {
                for (var x = 0; x < w.Width; x++, number++)
                    to[y * line + x * channels + c] = ((int*)note)[c] == number ? gradient[c] : 0;
            }
        }
    }
}
