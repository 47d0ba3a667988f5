using System.Runtime.CompilerServices;

namespace Engine.Numerics;

/// <summary>sums[j] = Σ rows of column j, in row order: the gradient of a bias.</summary>
internal unsafe struct ColumnSums : IKernel
{
    public float* Source, Sums;
    public int Rows, Columns, Stride;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Run<L, V>() where L : struct, ILanes<V> where V : struct
    {
        for (var column = 0; column < Columns; column += L.Width)
        {
            var from = Source + column;
            var sum = L.Zero;
            for (var row = 0; row < Rows; row++, from += Stride)
                sum = L.Add(sum, L.Load(from));
            L.Store(Sums + column, sum);
        }
    }
}
