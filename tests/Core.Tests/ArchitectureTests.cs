using System.Runtime.CompilerServices;
using System.Xml.Linq;

namespace Core.Tests;

/// <summary>
/// The references that project files may have. Sweeps/Core/BannedSymbols.txt lists the types that the core must not use; the compiler
/// checks it.
/// </summary>
public class ArchitectureTests
{
    private static readonly Dictionary<string, string[]> allowed = new()
    {
        ["Engine/Engine"] = [],
        ["Sweeps/Core/Core"] = [],
        ["Sweeps/Training/Training"] = ["Core"],
        ["Sweeps/Runtime/Runtime"] = ["Training", "Core", "Engine"],
        ["Sweeps/Page/Page"] = ["Runtime", "Training", "Core", "Engine"],
        ["Grains/Grains"] = ["Runtime", "Training", "Core", "Engine"],
        ["Silo/Silo"] = ["Grains", "Page", "Runtime", "Training", "Core", "Engine"],
        ["Client/Client"] = ["Grains", "Page", "Runtime", "Training", "Core", "Engine"],
    };

    [Fact]
    public void Arrows_between_projects_go_one_way()
    {
        foreach (var (project, below) in allowed)
            Assert.All(
                References(project, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/'))),
                reference => Assert.Contains(reference, below));
    }

    [Fact]
    public void The_core_references_MathNet_and_analyzers_alone() => Assert.Equal(
        ["MathNet.Numerics", "Microsoft.CodeAnalysis.BannedApiAnalyzers", "Microsoft.CodeAnalysis.PublicApiAnalyzers"], References("Sweeps/Core/Core", "PackageReference").Order());

    [Fact]
    public void Only_grains_silo_and_client_may_use_orleans()
    {
        foreach (var project in new[] { "Engine/Engine", "Sweeps/Core/Core", "Sweeps/Training/Training", "Sweeps/Page/Page", "Sweeps/Runtime/Runtime" })
            Assert.DoesNotContain(References(project, "PackageReference"), package => package.Contains("Orleans", StringComparison.Ordinal));
    }

    private static IEnumerable<string> References(string project, string kind)
    {
        var file = Path.Combine(Root(), project + ".csproj");
        return XDocument.Load(file).Descendants(kind).Select(element => (string?)element.Attribute("Include")).OfType<string>();
    }

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));
}
