using System.Runtime.CompilerServices;
using System.Xml.Linq;

namespace Sweeps.Tests.Core;

/// <summary>What project files may reference. What the core may name stands in Sweeps/Core/BannedSymbols.txt, and the compiler checks it.</summary>
public class ArchitectureTests
{
    private static readonly string[] orders = ["Engine", "Sweeps", "Grains", "Silo", "Client"];

    [Fact]
    public void Arrows_between_projects_go_one_way()
    {
        foreach (var project in orders)
        {
            var references = References(project, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/'))).ToList();
            var allowed = project switch
            {
                "Engine" => [],
                "Sweeps" => ["Engine"],
                "Grains" => ["Sweeps", "Engine"],
                _ => new[] { "Grains", "Sweeps", "Engine" },
            };
            Assert.All(references, reference => Assert.Contains(reference, allowed));
        }
    }

    [Fact]
    public void Only_grains_silo_and_client_may_use_orleans()
    {
        foreach (var project in new[] { "Engine", "Sweeps" })
            Assert.DoesNotContain(References(project, "PackageReference"), package => package.Contains("Orleans", StringComparison.Ordinal));
    }

    private static IEnumerable<string> References(string project, string kind)
    {
        var file = Path.Combine(Root(), project, project + ".csproj");
        return File.Exists(file)
            ? XDocument.Load(file).Descendants(kind).Select(element => (string?)element.Attribute("Include")).OfType<string>()
            : [];
    }

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", ".."));
}
