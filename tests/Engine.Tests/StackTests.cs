using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Engine.Tests;

/// <summary>The engine's namespaces are its folders, and their dependencies have one direction.</summary>
public sealed partial class StackTests
{
    private static readonly string[] Stack = ["Numerics", "Data", "Networks", "Training", "Formats"];

    [Fact]
    public void The_namespaces_of_the_engine_are_its_folders() =>
        Assert.Equal(
            Stack.Order(StringComparer.Ordinal).Prepend("Engine"),
            typeof(EngineException).Assembly.GetTypes().Select(type => type.Namespace).Where(name => name?.StartsWith("Engine", StringComparison.Ordinal) == true)
                .Distinct().Select(name => name!.Replace("Engine.", "")).Order(StringComparer.Ordinal).OrderBy(name => name != "Engine"));

    [Fact]
    public void A_namespace_of_the_engine_uses_only_those_below_it()
    {
        foreach (var (folder, level) in Stack.Select((folder, level) => (folder, level)))
        {
            var files = Directory.GetFiles(Path.Combine(Root(), "Engine", folder), "*.cs", SearchOption.AllDirectories);
            Assert.NotEmpty(files);
            foreach (var file in files)
                Assert.All(Named().Matches(File.ReadAllText(file)), match => Assert.Contains(match.Groups[1].Value, Stack[..(level + 1)]));
        }
    }

    [GeneratedRegex(@"\bEngine\.(\w+)")]
    private static partial Regex Named();

    private static string Root([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(file, "../../.."));
}
