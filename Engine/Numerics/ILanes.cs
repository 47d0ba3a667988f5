namespace Engine.Numerics;

/// <summary>
/// Arithmetic on one hardware vector <typeparamref name="V"/> of <see cref="Width"/> floats. A kernel is written once against this
/// interface and compiled for each width. Every operation is exact or correctly rounded, so the width never changes a result.
/// </summary>
/// <remarks>Comparisons give all-ones or all-zeros lanes. "Bits" operations treat the lanes as 32-bit integers.</remarks>
public unsafe interface ILanes<V> where V : struct
{
    /// <summary>Floats per vector: 16, 8 or 4.</summary>
    static abstract int Width { get; }
    static abstract V Zero { get; }
    static abstract V Broadcast(float value);
    static abstract V BroadcastBits(uint value);
    static abstract V Load(float* source);
    static abstract void Store(float* destination, V value);

    /// <summary>Reads <see cref="Width"/> bytes as floats 0 … 255.</summary>
    static abstract V LoadBytes(byte* source);
    static abstract V Add(V a, V b);
    static abstract V Subtract(V a, V b);
    static abstract V Multiply(V a, V b);
    static abstract V Divide(V a, V b);
    static abstract V Sqrt(V a);

    /// <summary>a·b + c, rounded once.</summary>
    static abstract V Fma(V a, V b, V c);
    static abstract V Negate(V a);
    static abstract V Abs(V a);
    static abstract V Less(V a, V b);
    static abstract V LessBits(V a, V b);

    /// <summary>Per lane: <paramref name="yes"/> if the mask is set, else <paramref name="no"/>.</summary>
    static abstract V Select(V mask, V yes, V no);
    static abstract V And(V a, V b);
    static abstract V Xor(V a, V b);
    static abstract V AddBits(V a, V b);
    static abstract V MultiplyBits(V a, V b);
    static abstract V ShiftLeftBits(V a, int count);
    static abstract V ShiftRightBits(V a, int count);
}
