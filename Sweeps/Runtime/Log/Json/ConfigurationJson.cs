using System.Collections.Immutable;
using System.Text.Json;
using Sweeps.Core;

namespace Sweeps.Log.Json;

/// <summary>
/// Hyperparameter values in JSON. Numbers have a decimal point and integers have none (1.0 and 1); a map is <c>{"map": {…}}</c>, and a number that
/// JSON cannot represent is <c>{"number": "NaN"}</c>.
/// </summary>
internal static class ConfigurationJson
{
    public static void Write(Utf8JsonWriter json, Configuration configuration)
    {
        json.WriteStartObject();
        foreach (var (name, value) in configuration)
        {
            json.WritePropertyName(name);
            Write(json, value);
        }
        json.WriteEndObject();
    }

    public static Configuration ReadConfiguration(ref Utf8JsonReader json, StringCache strings)
    {
        var pairs = new List<KeyValuePair<string, Value>>();
        while (json.Read() && json.TokenType != JsonTokenType.EndObject)
        {
            var name = strings.Get(ref json);
            json.Read();
            pairs.Add(new(name, Read(ref json)));
        }
        return new Configuration(pairs);
    }

    private static void Write(Utf8JsonWriter json, Value value)
    {
        switch (value)
        {
            case Value.Null:
                json.WriteNullValue();
                break;
            case Value.Boolean boolean:
                json.WriteBooleanValue(boolean.Content);
                break;
            case Value.Integer integer:
                json.WriteNumberValue(integer.Content);
                break;
            case Value.Number number when DoubleJson.IsPlain(number.Content):
                json.WriteRawValue(DoubleJson.WithPoint(number.Content), skipInputValidation: true);
                break;
            case Value.Number number:
                json.WriteStartObject();
                json.WriteString("number"u8, DoubleJson.Name(number.Content));
                json.WriteEndObject();
                break;
            case Value.Text text:
                json.WriteStringValue(text.Content);
                break;
            case Value.List list:
                json.WriteStartArray();
                foreach (var item in list.Items)
                    Write(json, item);
                json.WriteEndArray();
                break;
            case Value.Map map:
                json.WriteStartObject();
                json.WriteStartObject("map"u8);
                foreach (var (name, item) in map.Items)
                {
                    json.WritePropertyName(name);
                    Write(json, item);
                }
                json.WriteEndObject();
                json.WriteEndObject();
                break;
        }
    }

    private static Value Read(ref Utf8JsonReader json) => json.TokenType switch
    {
        JsonTokenType.Null => Value.Null.Instance,
        JsonTokenType.True => new Value.Boolean(true),
        JsonTokenType.False => new Value.Boolean(false),
        JsonTokenType.Number => json.TryGetInt64(out var whole) ? new Value.Integer(whole) : new Value.Number(json.GetDouble()),
        JsonTokenType.String => new Value.Text(json.GetString()!),
        JsonTokenType.StartArray => ReadList(ref json),
        _ => ReadTagged(ref json),
    };

    private static Value.List ReadList(ref Utf8JsonReader json)
    {
        var items = ImmutableArray.CreateBuilder<Value>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
            items.Add(Read(ref json));
        return new Value.List(items.ToImmutable());
    }

    private static Value ReadTagged(ref Utf8JsonReader json)
    {
        json.Read();
        var isMap = json.ValueTextEquals("map"u8);
        if (!isMap && !json.ValueTextEquals("number"u8))
            throw new JsonException($"'{json.GetString()}' does not tag a value; expected \"map\" or \"number\".");
        json.Read();
        Value value = isMap ? ReadMap(ref json) : new Value.Number(DoubleJson.Read(ref json));
        json.Read();
        return value;
    }

    private static Value.Map ReadMap(ref Utf8JsonReader json)
    {
        var items = ImmutableSortedDictionary.CreateBuilder<string, Value>(StringComparer.Ordinal);
        while (json.Read() && json.TokenType != JsonTokenType.EndObject)
        {
            var name = json.GetString()!;
            json.Read();
            items[name] = Read(ref json);
        }
        return new Value.Map(items.ToImmutable());
    }
}
