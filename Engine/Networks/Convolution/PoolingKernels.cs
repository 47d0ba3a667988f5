using System.Runtime.CompilerServices;
using Engine.Numerics;

namespace Engine.Networks;

/// <summary>
/// Pooling of one window: forward from its values to one value, backward from one gradient to the gradients of its values.
/// </summary>
internal unsafe interface IPooling
{
    /// <param name="from">The window's first value of the first channel.</param>
    /// <param name="to">The result for the first channel.</param>
    /// <param name="argmax">The index of the largest value in its window, one per result; unused by average pooling.</param>
    /// <param name="w">The windows.</param>
    static abstract void Forward<L, V>(float* from, float* to, float* argmax, in PoolingWindows w) where L : struct, ILanes<V> where V : struct;

    static abstract void Backward<L, V>(float* to, float* gradient, float* argmax, in PoolingWindows w) where L : struct, ILanes<V> where V : struct;
}

/// <summary>Applies a pooling to all windows of all images, forward or backward.</summary>
internal unsafe struct PoolingKernel<TPooling> : IKernel where TPooling : struct, IPooling
{
    public Rows Large, Small, Argmax;
    public PoolingWindows Windows;
    public bool IsBackward;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Run<L, V>() where L : struct, ILanes<V> where V : struct
    {
        var w = Windows;
        int channels = w.Input.Channels, line = w.Input.Width * channels;
        for (var i = 0; i < Small.Count; i++)
        {
            float* large = Large[i], small = Small[i], argmax = Argmax[i];
            for (var y = 0; y < w.Output.Height; y++)
            {
                for (var x = 0; x < w.Output.Width; x++, small += channels, argmax += channels)
                {
                    var window = large + y * w.Height * line + x * w.Width * channels;
                    if (IsBackward)
                        TPooling.Backward<L, V>(window, small, argmax, w);
                    else
                        TPooling.Forward<L, V>(window, small, argmax, w);
                }
            }
        }
    }
}

/// <summary>The largest value of the window, the first of equal ones.</summary>
internal unsafe struct MaxPooling : IPooling
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Forward<L, V>(float* from, float* to, float* argmax, in PoolingWindows w) where L : struct, ILanes<V> where V : struct
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
            L.Store(argmax + c, winner);
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
            ((int*)argmax)[c] = winner;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Backward<L, V>(float* to, float* gradient, float* argmax, in PoolingWindows w) where L : struct, ILanes<V> where V : struct
    {
        int channels = w.Input.Channels, line = w.Input.Width * channels, c = 0;
        for (; c <= channels - L.Width; c += L.Width)
        {
            V winner = L.Load(argmax + c), value = L.Load(gradient + c), one = L.BroadcastBits(1);
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
                    to[y * line + x * channels + c] = ((int*)argmax)[c] == number ? gradient[c] : 0;
            }
        }
    }
}

/// <summary>The mean of the window, summed row by row.</summary>
internal unsafe struct AveragePooling : IPooling
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Forward<L, V>(float* from, float* to, float* argmax, in PoolingWindows w) where L : struct, ILanes<V> where V : struct
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
    public static void Backward<L, V>(float* to, float* gradient, float* argmax, in PoolingWindows w) where L : struct, ILanes<V> where V : struct
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
