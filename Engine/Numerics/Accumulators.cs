using System.Runtime.CompilerServices;

namespace Engine.Numerics;

/// <summary>One vector of one row of the product, held in registers.</summary>
internal unsafe struct Accumulator1<L, V> where L : struct, ILanes<V> where V : struct
{
    private V c0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Accumulator1(float* start)
    {
        c0 = L.Load(start);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(float a, V b0)
    {
        var x = L.Broadcast(a);
        c0 = L.Fma(x, b0, c0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(float* to)
    {
        L.Store(to, c0);
    }
}

/// <summary>Two vectors of one row of the product, held in registers.</summary>
internal unsafe struct Accumulator2<L, V> where L : struct, ILanes<V> where V : struct
{
    private V c0, c1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Accumulator2(float* start)
    {
        c0 = L.Load(start);
        c1 = L.Load(start + L.Width);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(float a, V b0, V b1)
    {
        var x = L.Broadcast(a);
        c0 = L.Fma(x, b0, c0);
        c1 = L.Fma(x, b1, c1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(float* to)
    {
        L.Store(to, c0);
        L.Store(to + L.Width, c1);
    }
}

/// <summary>Three vectors of one row of the product, held in registers.</summary>
internal unsafe struct Accumulator3<L, V> where L : struct, ILanes<V> where V : struct
{
    private V c0, c1, c2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Accumulator3(float* start)
    {
        c0 = L.Load(start);
        c1 = L.Load(start + L.Width);
        c2 = L.Load(start + 2 * L.Width);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(float a, V b0, V b1, V b2)
    {
        var x = L.Broadcast(a);
        c0 = L.Fma(x, b0, c0);
        c1 = L.Fma(x, b1, c1);
        c2 = L.Fma(x, b2, c2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(float* to)
    {
        L.Store(to, c0);
        L.Store(to + L.Width, c1);
        L.Store(to + 2 * L.Width, c2);
    }
}

/// <summary>Four vectors of one row of the product, held in registers.</summary>
internal unsafe struct Accumulator4<L, V> where L : struct, ILanes<V> where V : struct
{
    private V c0, c1, c2, c3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Accumulator4(float* start)
    {
        c0 = L.Load(start);
        c1 = L.Load(start + L.Width);
        c2 = L.Load(start + 2 * L.Width);
        c3 = L.Load(start + 3 * L.Width);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(float a, V b0, V b1, V b2, V b3)
    {
        var x = L.Broadcast(a);
        c0 = L.Fma(x, b0, c0);
        c1 = L.Fma(x, b1, c1);
        c2 = L.Fma(x, b2, c2);
        c3 = L.Fma(x, b3, c3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(float* to)
    {
        L.Store(to, c0);
        L.Store(to + L.Width, c1);
        L.Store(to + 2 * L.Width, c2);
        L.Store(to + 3 * L.Width, c3);
    }
}
