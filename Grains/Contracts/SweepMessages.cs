using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Serialization.Cloning;
using Sweeps.Core;
using Sweeps.Log.Json;

namespace Grains.Contracts;

/// <summary>
/// The types of Sweeps.Core that grains exchange. They are sent as JSON, so that Sweeps.Core needs no serializer and no second set of types is needed.
/// The names of the types and of their properties are part of the message format.
/// </summary>
public static class SweepMessages
{
    /// <summary>Whether the type is a command, a reply or an assignment.</summary>
    public static bool Include(Type type) =>
        !type.IsAbstract && (type == typeof(Assignment) || type.IsAssignableTo(typeof(Command)) || type.IsAssignableTo(typeof(Reply)));

    /// <summary>Configures the serializer of a silo or client.</summary>
    public static void Configure(ISerializerBuilder serializer)
    {
        serializer.AddJsonSerializer(Include, isCopyable: null, options => options.Configure(json => json.SerializerOptions = CommandJson.Options));
        serializer.Configure(manifest =>
        {
            foreach (var type in typeof(Reply).Assembly.GetTypes().Where(Include))
                manifest.WellKnownTypeAliases[$"sweeps.{type.Name}"] = type;
        });
        serializer.Services.AddSingleton<IGeneralizedCopier, NoCopy>();
        // Exceptions of other namespaces arrive as exceptions of the serializer without their message: the run driver would repeat a refused report,
        // and a person would not read that the store is down.
        serializer.Services.Configure<ExceptionSerializationOptions>(options => options.SupportedNamespacePrefixes.UnionWith(["Sweeps", "Engine", "Npgsql"]));
    }

    /// <summary>Passes messages to grains on the same silo without a copy, because they are immutable.</summary>
    private sealed class NoCopy : IGeneralizedCopier
    {
        public bool IsSupportedType(Type type) => Include(type);

        public object? DeepCopy(object? input, CopyContext context) => input;
    }
}
