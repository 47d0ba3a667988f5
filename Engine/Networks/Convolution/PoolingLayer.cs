using Engine.Data;
using Engine.Numerics;

namespace Engine.Networks;

/// <summary>Pools every window and channel to one value. The stride is the size of the windows.</summary>
public sealed unsafe class PoolingLayer : ILayer
{
    private readonly PoolingWindows windows;
    private readonly bool isMax;
    private readonly RowsBuffer output, argmax;
    private readonly Lazy<RowsBuffer> inputGradient;

    private PoolingLayer(ImageShape input, int height, int width, bool isMax, int capacity)
    {
        windows = PoolingWindows.Of(input, height, width);
        this.isMax = isMax;
        output = new RowsBuffer(capacity, Output.Size);
        argmax = new RowsBuffer(isMax ? capacity : 0, Output.Size);
        inputGradient = new(() => new RowsBuffer(capacity, input.Size));
    }

    /// <inheritdoc/>
    public ImageShape Output => windows.Output;

    /// <inheritdoc/>
    public IReadOnlyList<Parameter> Parameters => [];

    /// <summary>The largest value of size × size windows.</summary>
    public static PoolingLayer Max(ImageShape input, int size, int capacity) => new(input, size, size, isMax: true, capacity);

    /// <summary>The mean of size × size windows.</summary>
    public static PoolingLayer Average(ImageShape input, int size, int capacity) => new(input, size, size, isMax: false, capacity);

    /// <summary>The mean of the whole image (Lin, Chen, Yan, "Network in network", 2014).</summary>
    public static PoolingLayer GlobalAverage(ImageShape input, int capacity) => new(input, input.Height, input.Width, isMax: false, capacity);

    /// <inheritdoc/>
    public Rows Forward(Rows input, in Pass pass)
    {
        var result = output.Take(input.Count);
        pass.Worker.Wait();
        Run(input, result, isBackward: false, pass.Worker);
        return result;
    }

    /// <inheritdoc/>
    public Rows Backward(Rows gradient, bool needInputGradient, GradientSink sink, Worker worker)
    {
        if (!needInputGradient)
            return default;
        var dx = inputGradient.Value.Take(gradient.Count);
        worker.Wait();
        if (!windows.CoverAll)
        {
            var mine = worker.Mine(dx);
            new Span<float>(mine.Data, mine.Count * mine.Stride).Clear();
        }
        Run(dx, gradient, isBackward: true, worker);
        return dx;
    }

    private void Run(Rows large, Rows small, bool isBackward, Worker worker)
    {
        var argmaxRows = isMax ? worker.Mine(argmax.Take(small.Count)) : default;
        (large, small) = (worker.Mine(large), worker.Mine(small));
        if (isMax)
            SimdPath.Run(new PoolingKernel<MaxPooling> { Large = large, Small = small, Argmax = argmaxRows, Windows = windows, IsBackward = isBackward });
        else
            SimdPath.Run(new PoolingKernel<AveragePooling> { Large = large, Small = small, Argmax = argmaxRows, Windows = windows, IsBackward = isBackward });
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        output.Dispose();
        argmax.Dispose();
        if (inputGradient.IsValueCreated)
            inputGradient.Value.Dispose();
    }
}

/// <summary>Non-overlapping windows over an image. Rows and columns that do not fill a window are left out.</summary>
internal readonly record struct PoolingWindows(ImageShape Input, int Height, int Width)
{
    /// <summary>Windows over an image. Throws <see cref="EngineException"/> when they do not fit.</summary>
    public static PoolingWindows Of(ImageShape input, int height, int width) =>
        height <= input.Height && width <= input.Width
            ? new PoolingWindows(input, height, width)
            : throw new EngineException(
                $"Pooling windows of {height}×{width} do not fit into {input.Height}×{input.Width} pixels. Use smaller windows or fewer layers that pool.");

    /// <summary>One value per window and channel.</summary>
    public ImageShape Output => new(Input.Height / Height, Input.Width / Width, Input.Channels);

    /// <summary>Whether every pixel is in a window.</summary>
    public bool CoverAll => Input.Height % Height == 0 && Input.Width % Width == 0;
}
