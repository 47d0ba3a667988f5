using System.Runtime.CompilerServices;
using Engine.Layers;
using Engine.Simd;

namespace Engine.Convolution;

/// <summary>What pooling does with a window: forward from its values to one, backward from one gradient to its values.</summary>
internal unsafe interface IPooling
{
    /// <param name="from">The window's first value of the first channel.</param>
    /// <param name="to">Result of the first channel.</param>
    /// <param name="note">Remembered for the way back, one per result.</param>
    /// <param name="w">The windows.</param>
    static abstract void Forward<L, V>(float* from, float* to, float* note, in PoolingWindows w) where L : struct, ILanes<V> where V : struct;

    static abstract void Backward<L, V>(float* to, float* gradient, float* note, in PoolingWindows w) where L : struct, ILanes<V> where V : struct;
}

/// <summary>Visits all windows of all images, forward or backward.</summary>
internal unsafe struct PoolingKernel<TPooling> : IKernel where TPooling : struct, IPooling
{
    public Rows Large, Small, Notes;
    public PoolingWindows Windows;
    public bool IsBackward;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Run<L, V>() where L : struct, ILanes<V> where V : struct
    {
        var w = Windows;
        int channels = w.Input.Channels, line = w.Input.Width * channels;
        for (var i = 0; i < Small.Count; i++)
        {
            float* large = Large[i], small = Small[i], note = Notes[i];
            for (var y = 0; y < w.Output.Height; y++)
            {
                for (var x = 0; x < w.Output.Width; x++, small += channels, note += channels)
                {
                    var window = large + y * w.Height * line + x * w.Width * channels;
                    if (IsBackward)
                        TPooling.Backward<L, V>(window, small, note, w);
                    else
                        TPooling.Forward<L, V>(window, small, note, w);
                }
            }
        }
    }
}
