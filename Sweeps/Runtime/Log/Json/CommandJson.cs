using System.Text.Json;
using System.Text.Json.Serialization;
using Sweeps.Core;

namespace Sweeps.Log.Json;

/// <summary>
/// Commands, replies and assignments as JSON, for messages between machines. A property that an older program does not send gets the default of
/// its parameter; one that it does not know is ignored.
/// </summary>
public static class CommandJson
{
    public static JsonSerializerOptions Options { get; } = new()
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new ConfigurationConverter(), new SteeringConverter() },
    };

    /// <summary>Hyperparameters as in the log.</summary>
    private sealed class ConfigurationConverter : JsonConverter<Configuration>
    {
        public override Configuration Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            ConfigurationJson.ReadConfiguration(ref reader, new StringCache());

        public override void Write(Utf8JsonWriter writer, Configuration value, JsonSerializerOptions options) => ConfigurationJson.Write(writer, value);
    }

    /// <summary>The action of a person, as the line of the log that it becomes.</summary>
    private sealed class SteeringConverter : JsonConverter<SweepSteered>
    {
        public override SweepSteered Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            (SweepSteered)EventText.Read(reader.GetString()!).Event;

        public override void Write(Utf8JsonWriter writer, SweepSteered value, JsonSerializerOptions options) =>
            writer.WriteStringValue(EventText.Write(new LoggedEvent(0, default, value)));
    }
}
