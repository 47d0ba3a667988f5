using Sweeps.Core;

namespace Core.Tests.Support;

/// <summary>Makes configurations from .NET values.</summary>
internal static class Point
{
    public static Configuration Of(params (string Name, object Value)[] pairs) =>
        new(pairs.Select(pair => KeyValuePair.Create(pair.Name, Typed(pair.Value))));

    public static Configuration Vector(params double[] x) => Of([.. x.Select((value, i) => ($"x{i + 1}", (object)value))]);

    public static Value Typed(object value) => value switch
    {
        int integer => new Value.Integer(integer),
        double number => new Value.Number(number),
        int[] list => new Value.List([.. list.Select(item => new Value.Integer(item))]),
        _ => new Value.Text((string)value),
    };
}
