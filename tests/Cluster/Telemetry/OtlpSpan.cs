using System.Globalization;
using System.Text;

namespace Cluster.Telemetry;

/// <summary>A span as a collector receives it: ids in hexadecimal (an empty parent for none), attributes as texts.</summary>
internal sealed record OtlpSpan(
    string Service, string Trace, string Id, string Parent, string Name, IReadOnlyDictionary<string, string> Attributes)
{
    public string this[string attribute] => Attributes[attribute];

    public int Number(string attribute) => int.Parse(Attributes[attribute], CultureInfo.InvariantCulture);

    /// <summary>The spans in an ExportTraceServiceRequest (opentelemetry/proto/collector/trace/v1).</summary>
    public static List<OtlpSpan> ReadRequest(ReadOnlySpan<byte> message)
    {
        var spans = new List<OtlpSpan>();
        for (var request = new ProtobufReader(message); request.Read();)
            if (request.Field == 1)
                ReadResource(request.Bytes, spans);
        return spans;
    }

    private static void ReadResource(ReadOnlySpan<byte> message, List<OtlpSpan> spans)
    {
        var resource = new Dictionary<string, string>();
        for (var reader = new ProtobufReader(message); reader.Read();)
        {
            if (reader.Field == 1)
                resource = ReadAttributes(reader.Bytes, field: 1);
            if (reader.Field != 2)
                continue;
            for (var scope = new ProtobufReader(reader.Bytes); scope.Read();)
                if (scope.Field == 2)
                    spans.Add(ReadSpan(scope.Bytes, resource["service.name"]));
        }
    }

    private static OtlpSpan ReadSpan(ReadOnlySpan<byte> message, string service)
    {
        string trace = "", id = "", parent = "", name = "";
        for (var span = new ProtobufReader(message); span.Read();)
            switch (span.Field)
            {
                case 1:
                    trace = Convert.ToHexStringLower(span.Bytes);
                    break;
                case 2:
                    id = Convert.ToHexStringLower(span.Bytes);
                    break;
                case 4:
                    parent = Convert.ToHexStringLower(span.Bytes);
                    break;
                case 5:
                    name = Encoding.UTF8.GetString(span.Bytes);
                    break;
            }
        return new OtlpSpan(service, trace, id, parent, name, ReadAttributes(message, field: 9));
    }

    private static Dictionary<string, string> ReadAttributes(ReadOnlySpan<byte> message, int field)
    {
        var attributes = new Dictionary<string, string>();
        for (var reader = new ProtobufReader(message); reader.Read();)
        {
            if (reader.Field != field)
                continue;
            string key = "", value = "";
            for (var pair = new ProtobufReader(reader.Bytes); pair.Read();)
                (key, value) = pair.Field == 1 ? (Encoding.UTF8.GetString(pair.Bytes), value) : (key, ReadValue(pair.Bytes));
            attributes[key] = value;
        }
        return attributes;
    }

    /// <summary>Reads an attribute's value: a text or an integer.</summary>
    private static string ReadValue(ReadOnlySpan<byte> message)
    {
        var value = new ProtobufReader(message);
        return !value.Read() ? "" : value.Field switch
        {
            1 => Encoding.UTF8.GetString(value.Bytes),
            3 => ((long)value.Number).ToString(CultureInfo.InvariantCulture),
            _ => $"(kind {value.Field})",
        };
    }
}
