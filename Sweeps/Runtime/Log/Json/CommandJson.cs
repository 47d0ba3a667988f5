using System.Text.Json;
using System.Text.Json.Serialization;
using Sweeps.Core;

namespace Sweeps.Log.Json;

/// <summary>
/// Commands, replies and assignments as JSON, for messages between processes that may have different versions. A property that an older program does
/// not send gets the default of its parameter; a property that an older program does not know is ignored by it.
/// </summary>
public static class CommandJson
{
    public static JsonSerializerOptions Options { get; } = new()
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new ConfigurationConverter(), new SteeringConverter() },
    };

    /// <summary>Writes hyperparameters in the format of the log.</summary>
    private sealed class ConfigurationConverter : JsonConverter<Configuration>
    {
        public override Configuration Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            ConfigurationJson.ReadConfiguration(ref reader, new StringCache());

        public override void Write(Utf8JsonWriter writer, Configuration value, JsonSerializerOptions options) => ConfigurationJson.Write(writer, value);
    }

    /// <summary>Writes the action of a person in the format of the log, as a string with the line of its event.</summary>
    private sealed class SteeringConverter : JsonConverter<SweepSteered>
    {
        public override SweepSteered Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            (SweepSteered)EventText.Read(reader.GetString()!).Event;

        public override void Write(Utf8JsonWriter writer, SweepSteered value, JsonSerializerOptions options) =>
            writer.WriteStringValue(EventText.Write(new LoggedEvent(0, default, value)));
    }
}
