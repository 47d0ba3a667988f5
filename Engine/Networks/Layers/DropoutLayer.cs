using System.Runtime.CompilerServices;
using Engine.Data;
using Engine.Numerics;

namespace Engine.Networks;

/// <summary>
/// Inverted dropout (Srivastava et al. 2014): in training each value is zeroed with probability <c>rate</c> and otherwise divided by 1 −
/// rate; in evaluation values are unchanged. The mask is a hash of (seed, layer, step, position), so that checkpoints need no random state.
/// </summary>
public sealed unsafe class DropoutLayer : ILayer
{
    private readonly float rate;
    private readonly ulong index;
    private readonly RowsBuffer output;
    private (uint First, uint Second) keys;

    /// <summary>A dropout layer for batches of up to <paramref name="capacity"/> examples.</summary>
    /// <param name="shape">The shape of one example.</param>
    /// <param name="rate">The probability of dropping a value, in [0, 1).</param>
    /// <param name="index">The position in the network, below 256; layers with different positions have independent masks.</param>
    /// <param name="capacity">The largest batch.</param>
    public DropoutLayer(ImageShape shape, float rate, int index, int capacity)
    {
        if (rate is not (>= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(rate), rate, "A dropout rate lies in [0, 1).");
        Output = shape;
        this.rate = rate;
        this.index = (ulong)index;
        output = new RowsBuffer(capacity, shape.Size);
    }

    /// <inheritdoc/>
    public ImageShape Output { get; }

    /// <inheritdoc/>
    public IReadOnlyList<Parameter> Parameters => [];

    /// <inheritdoc/>
    public Rows Forward(Rows input, in Pass pass)
    {
        if (!pass.Training)
            return input;
        var key = RandomStream.Key(pass.Seed, RandomPurpose.Dropout, (pass.Step << 8) + index);
        keys = ((uint)key, (uint)(key >> 32));
        var result = output.Take(input.Count, input.Columns);
        Mask(input, result, pass.Worker);
        return result;
    }

    /// <inheritdoc/>
    public Rows Backward(Rows gradient, bool needInputGradient, GradientSink sink, Worker worker)
    {
        Mask(gradient, gradient, worker);
        return gradient;
    }

    /// <inheritdoc/>
    public void Dispose() => output.Dispose();

    private void Mask(Rows from, Rows to, Worker worker)
    {
        for (var i = 0; i < worker.Parts(from); i++)
        {
            var part = worker.Part(from, i);
            var position = part.Data - from.Data;
            SimdPath.Run(new MaskKernel
            {
                From = part,
                To = to.Data + position,
                Position = (uint)position,
                First = keys.First,
                Second = keys.Second,
                Threshold = (uint)((double)rate * uint.MaxValue),
                Scale = 1 / (1 - rate),
            });
        }
    }

    private struct MaskKernel : IKernel
    {
        public Rows From;
        public float* To;
        public uint Position, First, Second, Threshold;
        public float Scale;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<L, V>() where L : struct, ILanes<V> where V : struct
        {
            var iota = stackalloc uint[16] { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 };
            var lanes = L.Load((float*)iota);
            var step = L.BroadcastBits((uint)L.Width);
            V first = L.BroadcastBits(First), second = L.BroadcastBits(Second);
            V threshold = L.BroadcastBits(Threshold), scale = L.Broadcast(Scale);
            var (runs, length) = From.Runs;
            for (var run = 0; run < runs; run++)
            {
                float* from = From[run], to = To + (from - From.Data), end = from + length;
                var position = L.AddBits(lanes, L.BroadcastBits(Position + (uint)(from - From.Data)));
                for (; from < end; from += L.Width, to += L.Width, position = L.AddBits(position, step))
                {
                    // A bijective 32-bit hash (lowbias32, C. Wellons) with the second key added in the middle: positions stay distinct and
                    // different keys give independent masks.
                    var h = L.Xor(position, first);
                    h = L.MultiplyBits(L.Xor(h, L.ShiftRightBits(h, 16)), L.BroadcastBits(0x7FEB352D));
                    h = L.AddBits(L.Xor(h, L.ShiftRightBits(h, 15)), second);
                    h = L.MultiplyBits(L.Xor(h, L.ShiftRightBits(h, 15)), L.BroadcastBits(0x846CA68B));
                    h = L.Xor(h, L.ShiftRightBits(h, 16));
                    L.Store(to, L.Select(L.LessBits(h, threshold), L.Zero, L.Multiply(L.Load(from), scale)));
                }
            }
        }
    }
}
