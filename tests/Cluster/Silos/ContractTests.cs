using System.Reflection;
using System.Text;
using Cluster.Monitoring;
using Grains.Contracts;
using Orleans;
using Sweeps.Core;

namespace Cluster.Silos;

/// <summary>
/// <c>Grains/Contracts/contracts.txt</c> lists the messages between silos and clients, so that a change of them is visible in a diff. Lines
/// may be added. A removed or changed line breaks a cluster during an upgrade. SWEEP_RECORD=1 writes the list.
/// </summary>
public sealed class ContractTests
{
    [Fact]
    public void The_contracts_in_code_are_those_in_the_list()
    {
        var list = Repository.Path("Grains/Contracts/contracts.txt");
        if (Environment.GetEnvironmentVariable("SWEEP_RECORD") == "1")
            File.WriteAllText(list, Describe());

        Assert.Equal(File.ReadAllText(list), Describe());
    }

    private static string Describe()
    {
        var text = new StringBuilder();
        foreach (var type in typeof(ISweepCoordinatorGrain).Assembly.GetTypes().Where(type => type.Namespace == "Grains.Contracts")
                     .Where(type => type.GetCustomAttribute<AliasAttribute>() is not null).OrderBy(Alias, StringComparer.Ordinal))
        {
            text.Append(Alias(type)).Append('\n');
            foreach (var line in type.IsInterface ? Methods(type) : type.IsEnum ? Numbers(type) : Fields(type))
                text.Append("  ").Append(line).Append('\n');
        }
        foreach (var type in Messages().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            text.Append(type.FullName).Append('\n');
            foreach (var line in type.IsEnum ? Numbers(type) : Properties(type))
                text.Append("  ").Append(line).Append('\n');
        }
        return text.ToString();
    }

    private static IEnumerable<string> Methods(Type type) => type.GetMethods().OrderBy(Alias, StringComparer.Ordinal).Select(method =>
        $"{Alias(method)}({string.Join(", ", method.GetParameters().Select(parameter => Name(parameter.ParameterType)))}) → {Name(method.ReturnType)}");

    private static IEnumerable<string> Fields(Type type) => type.GetProperties()
        .Where(property => property.GetCustomAttribute<IdAttribute>() is not null)
        .OrderBy(property => property.GetCustomAttribute<IdAttribute>()!.Id)
        .Select(property => $"{property.GetCustomAttribute<IdAttribute>()!.Id} {property.Name}: {Name(property.PropertyType)}");

    /// <summary>
    /// The types that are sent as JSON, with the types of their properties. Hyperparameters and steering actions use the format of the log.
    /// </summary>
    private static HashSet<Type> Messages()
    {
        var found = new HashSet<Type>();
        var open = new Queue<Type>(typeof(Reply).Assembly.GetTypes().Where(SweepMessages.Include));
        while (open.TryDequeue(out var type))
            if (type.Assembly == typeof(Reply).Assembly && type != typeof(Configuration) && type != typeof(SweepSteered) && found.Add(type) && !type.IsEnum)
                foreach (var property in type.GetProperties())
                    foreach (var part in property.PropertyType.GetGenericArguments().Append(property.PropertyType))
                        open.Enqueue(part);
        return found;
    }

    private static IEnumerable<string> Properties(Type type) => type.GetProperties().Where(property => property.GetMethod is { IsStatic: false })
        .Select(property => $"{property.Name}: {Name(property.PropertyType)}");

    private static IEnumerable<string> Numbers(Type type) => Enum.GetValues(type).Cast<object>().Select(value => $"{(int)value} {value}");

    private static string Alias(MemberInfo member) => member.GetCustomAttribute<AliasAttribute>()?.Alias
        ?? throw new InvalidOperationException($"{member.DeclaringType}.{member.Name} has no [Alias]: its name in code would be its name on the wire.");

    private static string Name(Type type) =>
        type.GetCustomAttribute<AliasAttribute>() is { } alias ? alias.Alias
        : type.IsArray ? Name(type.GetElementType()!) + "[]"
        : type.IsGenericType ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>"
        : type.Name;
}
