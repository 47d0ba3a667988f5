using Engine.Layers;

namespace Engine.Convolution;

/// <summary>Hands a finished gradient to the sink in pieces that stay in the first-level cache.</summary>
internal static unsafe class GradientChunks
{
    private const int Most = 48 * 64;

    /// <summary>Sends all of <paramref name="sums"/>, which lies as the parameter does.</summary>
    public static void Send(Parameter parameter, float* sums, GradientSink sink)
    {
        for (long at = 0; at < parameter.Layout.Length; at += Most)
            sink.Take(parameter, at, sums + at, (int)Math.Min(Most, parameter.Layout.Length - at));
    }
}
