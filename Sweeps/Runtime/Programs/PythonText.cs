using System.Globalization;
using System.Text;
using Sweeps.Core;

namespace Sweeps.Programs;

/// <summary>Writes values as Python does, because W&amp;B passes arguments as <c>str(value)</c> and <c>json.dumps(…)</c>.</summary>
internal static class PythonText
{
    /// <summary><c>str(value)</c>: <c>1e-05</c>, <c>True</c>, <c>None</c>, <c>[1, 'a']</c>.</summary>
    public static string Str(Value value) => value is Value.Text text ? text.Content : Repr(value);

    /// <summary><c>json.dumps(value)</c>: <c>{"lr": 1e-05, "name": "adam"}</c>.</summary>
    public static string Json(Value value) => value switch
    {
        Value.Null => "null",
        Value.Boolean { Content: var yes } => yes ? "true" : "false",
        Value.Number { Content: var number } => double.IsNaN(number) ? "NaN" : double.IsInfinity(number) ? number > 0 ? "Infinity" : "-Infinity" : Float(number),
        Value.Text text => Quoted(text.Content),
        Value.List list => $"[{string.Join(", ", list.Items.Select(Json))}]",
        Value.Map map => $"{{{string.Join(", ", map.Items.Select(item => $"{Quoted(item.Key)}: {Json(item.Value)}"))}}}",
        _ => value.ToString(),
    };

    private static string Repr(Value value) => value switch
    {
        Value.Null => "None",
        Value.Boolean { Content: var yes } => yes ? "True" : "False",
        Value.Number { Content: var number } => double.IsNaN(number) ? "nan" : double.IsInfinity(number) ? number > 0 ? "inf" : "-inf" : Float(number),
        Value.Text text => ReprText(text.Content),
        Value.List list => $"[{string.Join(", ", list.Items.Select(Repr))}]",
        Value.Map map => $"{{{string.Join(", ", map.Items.Select(item => $"{ReprText(item.Key)}: {Repr(item.Value)}"))}}}",
        _ => value.ToString(),
    };

    /// <summary><c>repr</c> of a finite float: the shortest digits that parse to the same value, with an exponent below 10⁻⁴ and from 10¹⁶ on.</summary>
    private static string Float(double number)
    {
        if (number == 0)
            return double.IsNegative(number) ? "-0.0" : "0.0";
        var text = number.ToString("E16", CultureInfo.InvariantCulture);
        for (var digits = 0; digits < 16; digits++)
            if (number.ToString($"E{digits}", CultureInfo.InvariantCulture) is var shorter && double.Parse(shorter, CultureInfo.InvariantCulture) == number)
            {
                text = shorter;
                break;
            }
        var sign = text[0] == '-' ? "-" : "";
        var split = text.IndexOf('E', StringComparison.Ordinal);
        var mantissa = text[sign.Length..split].Replace(".", "", StringComparison.Ordinal).TrimEnd('0');
        var exponent = int.Parse(text.AsSpan(split + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return sign + (exponent switch
        {
            < -4 or >= 16 => $"{mantissa[0]}{(mantissa.Length > 1 ? "." + mantissa[1..] : "")}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}",
            < 0 => $"0.{new string('0', -exponent - 1)}{mantissa}",
            _ when mantissa.Length <= exponent + 1 => $"{mantissa.PadRight(exponent + 1, '0')}.0",
            _ => $"{mantissa[..(exponent + 1)]}.{mantissa[(exponent + 1)..]}",
        });
    }

    private static string ReprText(string text)
    {
        var quote = text.Contains('\'') && !text.Contains('"') ? '"' : '\'';
        var result = new StringBuilder().Append(quote);
        foreach (var c in text)
            result.Append(c switch
            {
                '\\' => @"\\",
                '\n' => @"\n",
                '\r' => @"\r",
                '\t' => @"\t",
                _ when c == quote => $"\\{c}",
                _ when char.IsControl(c) => string.Create(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}"),
                _ => c.ToString(),
            });
        return result.Append(quote).ToString();
    }

    private static string Quoted(string text)
    {
        var result = new StringBuilder("\"");
        foreach (var c in text)
            result.Append(c switch
            {
                '"' => "\\\"",
                '\\' => @"\\",
                '\n' => @"\n",
                '\r' => @"\r",
                '\t' => @"\t",
                '\b' => @"\b",
                '\f' => @"\f",
                < ' ' or > '~' => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => c.ToString(),
            });
        return result.Append('"').ToString();
    }
}
