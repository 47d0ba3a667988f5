using Engine.Data;
using Engine.Networks;

namespace Engine.Tests.Networks;

/// <summary>A convolution in double precision with six loops, directly from the formula.</summary>
internal sealed class ReferenceConvolution(ImageShape input, int filters, ConvolutionGeometry g)
{
    public ImageShape Output { get; } = g.Output(input, filters);

    public double[] Forward(double[] x, double[] weights, double[] biases, int count)
    {
        var z = new double[count * Output.Size];
        for (var n = 0; n < count; n++)
            for (var oy = 0; oy < Output.Height; oy++)
                for (var ox = 0; ox < Output.Width; ox++)
                    for (var f = 0; f < filters; f++)
                        z[n * Output.Size + (oy * Output.Width + ox) * filters + f] = biases[f] + Pixel(x, weights, n, oy, ox, f);
        return z;
    }

    private double Pixel(double[] x, double[] weights, int n, int oy, int ox, int f)
    {
        var sum = 0.0;
        for (var ky = 0; ky < g.Kernel; ky++)
        {
            for (var kx = 0; kx < g.Kernel; kx++)
            {
                int iy = oy * g.Stride + ky - g.Padding, ix = ox * g.Stride + kx - g.Padding;
                if (iy < 0 || ix < 0 || iy >= input.Height || ix >= input.Width)
                    continue;
                for (var c = 0; c < input.Channels; c++)
                    sum += x[n * input.Size + (iy * input.Width + ix) * input.Channels + c]
                        * weights[((ky * g.Kernel + kx) * input.Channels + c) * filters + f];
            }
        }
        return sum;
    }
}
