using System.Runtime.CompilerServices;
using Engine.Data;
using Engine.Numerics;

namespace Engine.Networks;

/// <summary>
/// A 3 × 3 convolution over one channel that is followed by max pooling: the first layer of most networks for grey images. A product per
/// pixel would have nine terms, so the nine weights of a vector of filters stay in registers instead, in the backward pass the nine sums.
/// Pixels are pooled in registers, and their gradients are derived from those of their windows. Images are padded with zeros first; a
/// pixel's taps run in the order of <see cref="PixelProducts"/>, with the same bits.
/// </summary>
internal sealed unsafe class NineTapConvolution : IDisposable
{
    private const int Kernel = 3;
    private readonly int step;
    private readonly Panels layout;
    private readonly PoolingWindows windows;
    private readonly PaddedImages padded;

    /// <summary>Allocates the padded images of batches up to <paramref name="capacity"/>. Requires <see cref="Fits"/>.</summary>
    public NineTapConvolution(ImageShape input, ConvolutionGeometry geometry, Panels layout, PoolingWindows windows, int capacity)
    {
        (step, this.layout, this.windows) = (geometry.Stride, layout, windows);
        padded = new PaddedImages(input, geometry, capacity);
    }

    /// <summary>Whether a convolution has nine taps over one channel, and filters that fill whole vectors.</summary>
    public static bool Fits(ImageShape input, ConvolutionGeometry geometry, Panels layout) =>
        geometry.Kernel == Kernel && input.Channels == 1 && layout.Columns == layout.Stride;

    /// <summary>
    /// Computes the pooled results (images × windows × filters) of some images, and the number of the largest pixel of each window.
    /// </summary>
    public void Forward(Rows source, int first, int count, float* weights, float* bias, Rows result, Rows argmax)
    {
        for (var i = first; i < first + count; i++)
            SimdPath.Run(new ForwardKernel(this)
            {
                Image = padded.Fill(i, source[i]), Weights = weights, Bias = bias, Result = result[i], Argmax = argmax[i],
            });
    }

    /// <summary>
    /// Computes the gradients of the weights (in panels) and of the biases, summed image by image over <paramref name="count"/> images of
    /// the last forward pass.
    /// </summary>
    public void Gradient(Rows gradient, Rows argmax, int first, int count, float* sums, float* biasSums) =>
        SimdPath.Run(new GradientKernel(this)
        {
            Images = padded[first], Gradient = gradient.Slice(first, count), Argmax = argmax.Slice(first, count), Sums = sums, BiasSums = biasSums,
        });

    /// <inheritdoc/>
    public void Dispose() => padded.Dispose();

    private struct ForwardKernel(NineTapConvolution convolution) : IKernel
    {
        public float* Image, Weights, Bias, Result, Argmax;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<L, V>() where L : struct, ILanes<V> where V : struct
        {
            foreach (var panel in convolution.layout.All)
                for (var column = 0; column < panel.Width; column += L.Width)
                    Filters<L, V>(panel.FirstColumn + column, Weights + panel.At(0) + column, panel.Width);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Filters<L, V>(int filter, float* weights, nint stride) where L : struct, ILanes<V> where V : struct
        {
            // Before the vectors, because a call while they are in use makes the compiler keep all of them in memory.
            var ((rows, columns, filters), height, width) = (convolution.windows.Output, convolution.windows.Height, convolution.windows.Width);
            nint step = convolution.step, line = convolution.padded.Line, down = step * line;
            V w0 = L.Load(weights), w1 = L.Load(weights + stride), w2 = L.Load(weights + 2 * stride), w3 = L.Load(weights + 3 * stride);
            V w4 = L.Load(weights + 4 * stride), w5 = L.Load(weights + 5 * stride), w6 = L.Load(weights + 6 * stride);
            V w7 = L.Load(weights + 7 * stride), w8 = L.Load(weights + 8 * stride), bias = L.Load(Bias + filter);
            float* result = Result + filter, argmax = Argmax + filter;
            for (var y = 0; y < rows; y++)
            {
                var window = Image + y * height * down;
                for (var x = 0; x < columns; x++, window += width * step)
                {
                    V best = L.Zero, winner = L.Zero;
                    var number = 0;
                    for (var row = 0; row < height; row++)
                    {
                        float* p0 = window + row * down, p1 = p0 + line, p2 = p1 + line;
                        for (var pixel = 0; pixel < width; pixel++, number++, p0 += step, p1 += step, p2 += step)
                        {
                            var z = L.Fma(L.Broadcast(p0[0]), w0, bias);
                            z = L.Fma(L.Broadcast(p0[1]), w1, z);
                            z = L.Fma(L.Broadcast(p0[2]), w2, z);
                            z = L.Fma(L.Broadcast(p1[0]), w3, z);
                            z = L.Fma(L.Broadcast(p1[1]), w4, z);
                            z = L.Fma(L.Broadcast(p1[2]), w5, z);
                            z = L.Fma(L.Broadcast(p2[0]), w6, z);
                            z = L.Fma(L.Broadcast(p2[1]), w7, z);
                            z = L.Fma(L.Broadcast(p2[2]), w8, z);
                            if (number == 0)
                            {
                                best = z;
                                continue;
                            }
                            var larger = L.Less(best, z);
                            best = L.Select(larger, z, best);
                            winner = L.Select(larger, L.BroadcastBits((uint)number), winner);
                        }
                    }
                    L.Store(result, best);
                    L.Store(argmax, winner);
                    result += filters;
                    argmax += filters;
                }
            }
        }
    }

    private struct GradientKernel(NineTapConvolution convolution) : IKernel
    {
        public float* Images, Sums, BiasSums;
        public Rows Gradient, Argmax;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<L, V>() where L : struct, ILanes<V> where V : struct
        {
            foreach (var panel in convolution.layout.All)
                for (var column = 0; column < panel.Width; column += L.Width)
                    Filters<L, V>(panel.FirstColumn + column, Sums + panel.At(0) + column, panel.Width);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Filters<L, V>(int filter, float* to, nint stride) where L : struct, ILanes<V> where V : struct
        {
            // Before the vectors, because a call while they are in use makes the compiler keep all of them in memory.
            var ((rows, columns, filters), height, width) = (convolution.windows.Output, convolution.windows.Height, convolution.windows.Width);
            nint step = convolution.step, line = convolution.padded.Line, down = step * line, imageStride = convolution.padded.Stride;
            V s0 = L.Zero, s1 = L.Zero, s2 = L.Zero, s3 = L.Zero, s4 = L.Zero, s5 = L.Zero, s6 = L.Zero, s7 = L.Zero, s8 = L.Zero, bias = L.Zero;
            var one = L.BroadcastBits(1);
            for (var image = 0; image < Gradient.Count; image++)
            {
                float* gradient = Gradient[image] + filter, argmax = Argmax[image] + filter;
                for (var y = 0; y < rows; y++)
                {
                    var window = Images + image * imageStride + y * height * down;
                    for (var x = 0; x < columns; x++, window += width * step)
                    {
                        V value = L.Load(gradient), winner = L.Load(argmax);
                        var number = 0;
                        for (var row = 0; row < height; row++)
                        {
                            float* p0 = window + row * down, p1 = p0 + line, p2 = p1 + line;
                            for (var pixel = 0; pixel < width; pixel++, number++, p0 += step, p1 += step, p2 += step)
                            {
                                var dz = L.And(L.LessBits(L.Xor(winner, L.BroadcastBits((uint)number)), one), value);
                                s0 = L.Fma(L.Broadcast(p0[0]), dz, s0);
                                s1 = L.Fma(L.Broadcast(p0[1]), dz, s1);
                                s2 = L.Fma(L.Broadcast(p0[2]), dz, s2);
                                s3 = L.Fma(L.Broadcast(p1[0]), dz, s3);
                                s4 = L.Fma(L.Broadcast(p1[1]), dz, s4);
                                s5 = L.Fma(L.Broadcast(p1[2]), dz, s5);
                                s6 = L.Fma(L.Broadcast(p2[0]), dz, s6);
                                s7 = L.Fma(L.Broadcast(p2[1]), dz, s7);
                                s8 = L.Fma(L.Broadcast(p2[2]), dz, s8);
                            }
                        }
                        bias = L.Add(bias, value);
                        gradient += filters;
                        argmax += filters;
                    }
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
}
