namespace Sweeps.Functions;

/// <summary>Numbers of several distributions from 64 random bits.</summary>
internal static class Draws
{
    /// <summary>Uniform in (0, 1).</summary>
    public static double Unit(ulong bits) => ((bits >> 11) + 0.5) * (1.0 / (1UL << 53));

    /// <summary>Standard normal.</summary>
    public static double Normal(ulong bits) => MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, Unit(bits));

    /// <summary>Exponential with mean 1.</summary>
    public static double Exponential(ulong bits) => -Math.Log(Unit(bits));
}
