using System.Runtime.CompilerServices;
using Engine.Numerics;

namespace Engine.Networks;

/// <summary>
/// The weight and bias gradients of a 3 × 3 convolution over one channel that is followed by max pooling. Keeps nine sums of a vector of
/// filters in registers and derives the gradient of each pixel from that of its window. The sums have the same bits as those of
/// <see cref="PixelProducts"/>: they run pixel by pixel and image by image, and the ninth tap, which does not fill a tile of four rows
/// there, is summed per pixel first.
/// </summary>
internal unsafe struct NineTapGradient : IKernel
{
    /// <summary>The taps of the kernel.</summary>
    public const int Taps = 9;

    /// <summary>The padded images, and the strides between images, rows and pixels in floats.</summary>
    public float* Padded;
    public nint ImageStride, Line, Step;

    /// <summary>The gradient of the pooled image and the numbers of the largest pixels of its windows.</summary>
    public Rows Gradient, Argmax;

    /// <summary>The windows over the convolution's result.</summary>
    public PoolingWindows Windows;

    /// <summary>The destinations of the sums: weights in panels, and biases.</summary>
    public Panels Layout;
    public float* Sums, BiasSums;

    /// <summary>The worker whose share of the filters is computed.</summary>
    public Worker Worker;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Run<L, V>() where L : struct, ILanes<V> where V : struct
    {
        foreach (var panel in Layout.All)
            for (var column = 0; column < panel.Width; column += L.Width)
                if (Worker.Owns(panel.FirstColumn + column, L.Width, Layout.Stride))
                    Filters<L, V>(panel.FirstColumn + column, Sums + panel.At(0) + column, panel.Width);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Filters<L, V>(int filter, float* to, nint stride) where L : struct, ILanes<V> where V : struct
    {
        V s0 = L.Zero, s1 = L.Zero, s2 = L.Zero, s3 = L.Zero, s4 = L.Zero, s5 = L.Zero, s6 = L.Zero, s7 = L.Zero, s8 = L.Zero, bias = L.Zero;
        int height = Windows.Output.Height * Windows.Height, width = Windows.Output.Width * Windows.Width, channels = Windows.Input.Channels;
        nint imageStride = ImageStride, line = Line, gradientStride = Gradient.Stride;
        var one = L.BroadcastBits(1);
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var number = L.BroadcastBits((uint)(y % Windows.Height * Windows.Width + x % Windows.Width));
                var window = (y / Windows.Height * Windows.Output.Width + x / Windows.Width) * channels + filter;
                float* gradient = Gradient.Data + window, argmax = Argmax.Data + window;
                float* p0 = Padded + y * Step * line + x * Step, p1 = p0 + line, p2 = p1 + line;
                var last = L.Zero;
                for (var image = Gradient.Count; image > 0; image--)
                {
                    var dz = L.And(L.LessBits(L.Xor(L.Load(argmax), number), one), L.Load(gradient));
                    s0 = L.Fma(L.Broadcast(p0[0]), dz, s0);
                    s1 = L.Fma(L.Broadcast(p0[1]), dz, s1);
                    s2 = L.Fma(L.Broadcast(p0[2]), dz, s2);
                    s3 = L.Fma(L.Broadcast(p1[0]), dz, s3);
                    s4 = L.Fma(L.Broadcast(p1[1]), dz, s4);
                    s5 = L.Fma(L.Broadcast(p1[2]), dz, s5);
                    s6 = L.Fma(L.Broadcast(p2[0]), dz, s6);
                    s7 = L.Fma(L.Broadcast(p2[1]), dz, s7);
                    last = L.Fma(L.Broadcast(p2[2]), dz, last);
                    bias = L.Add(bias, dz);
                    p0 += imageStride;
                    p1 += imageStride;
                    p2 += imageStride;
                    gradient += gradientStride;
                    argmax += gradientStride;
                }
                s8 = L.Add(s8, last);
            }
        }
        L.Store(to, s0);
        L.Store(to + stride, s1);
        L.Store(to + 2 * stride, s2);
        L.Store(to + 3 * stride, s3);
        L.Store(to + 4 * stride, s4);
        L.Store(to + 5 * stride, s5);
        L.Store(to + 6 * stride, s6);
        L.Store(to + 7 * stride, s7);
        L.Store(to + 8 * stride, s8);
        L.Store(BiasSums + filter, bias);
    }
}
