using Engine.Numerics;

namespace Engine.Networks;

/// <summary>Half a cosine from 1 down to <paramref name="final"/> at epoch <paramref name="epochs"/>, then constant (Loshchilov, Hutter 2017).</summary>
/// <param name="epochs">The epoch at which the decay ends, &gt; 0.</param>
/// <param name="final">The last factor, in [0, 1].</param>
public sealed class CosineSchedule(double epochs, double final) : Schedule
{
    /// <inheritdoc/>
    public override double Factor(double time) =>
        final + (1 - final) * 0.5 * (1 + Elementary.CosPi(Math.Min(time / epochs, 1)));
}
