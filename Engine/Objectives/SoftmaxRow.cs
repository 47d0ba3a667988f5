using System.Runtime.CompilerServices;
using Engine.Kernels;
using Engine.Simd;

namespace Engine.Objectives;

/// <summary>
/// For every row: e^(logit − largest) and their sum. Sums are taken in sixteen lanes, then halved pairwise, at every vector width.
/// </summary>
internal unsafe struct SoftmaxRow : IKernel
{
    /// <summary>(rows × stride) logits; columns beyond the classes are not looked at.</summary>
    public float* Logits;

    /// <summary>(rows × exponentials' stride): the exponentials, 0 beyond the classes.</summary>
    public float* Exponentials;

    /// <summary>0 for classes, −∞ beyond; one stride long.</summary>
    public float* Mask;

    /// <summary>Per row.</summary>
    public float* Largest, Sums;

    public int Rows, Stride;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Run<L, V>() where L : struct, ILanes<V> where V : struct
    {
        var lanes = stackalloc float[Panels.Lane];
        for (var row = 0; row < Rows; row++)
        {
            float* from = Logits + (long)row * Stride, to = Exponentials + (long)row * Stride;
            for (var lane = 0; lane < Panels.Lane; lane += L.Width)
            {
                var most = L.Add(L.Load(from + lane), L.Load(Mask + lane));
                for (var i = lane + Panels.Lane; i < Stride; i += Panels.Lane)
                {
                    var x = L.Add(L.Load(from + i), L.Load(Mask + i));
                    most = L.Select(L.Less(most, x), x, most);
                }
                L.Store(lanes + lane, most);
            }
            var largest = HorizontalSum.Largest(lanes);
            var shift = L.Broadcast(largest);
            for (var lane = 0; lane < Panels.Lane; lane += L.Width)
            {
                var sum = L.Zero;
                for (var i = lane; i < Stride; i += Panels.Lane)
                {
                    var e = VectorMath.Exp<L, V>(L.Subtract(L.Add(L.Load(from + i), L.Load(Mask + i)), shift));
                    L.Store(to + i, e);
                    sum = L.Add(sum, e);
                }
                L.Store(lanes + lane, sum);
            }
            Largest[row] = largest;
            Sums[row] = HorizontalSum.Of(lanes);
        }
    }
}
