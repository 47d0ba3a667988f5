using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.CompilerServices;
using System.Xml.Linq;
using Sweeps.Core;

namespace Sweeps.Tests.Core;

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
        Assert.DoesNotContain(CompiledCode.AssemblyReferences(typeof(SweepMachine).Assembly.Location), name => name.StartsWith("Orleans", StringComparison.Ordinal));
    }

    [Fact]
    public void The_compiled_engine_knows_nothing_of_sweeps() =>
        Assert.DoesNotContain("Sweeps", CompiledCode.AssemblyReferences(Path.Combine(AppContext.BaseDirectory, "Engine.dll")));

    [Fact]
    public void The_deciding_core_has_no_clock_thread_task_randomness_file_or_console()
    {
        string[] namespaces = ["System.Threading", "System.Threading.Tasks", "System.IO", "System.Net", "System.Diagnostics", "Sweeps.Hosting", "Sweeps.Log", "Sweeps.Training"];
        string[] types = ["System.Random", "System.Environment", "System.Console", "System.TimeProvider", "System.Security.Cryptography.RandomNumberGenerator"];
        string[] members = ["get_Now", "get_UtcNow", "get_Today", "NewGuid"];
        var uses = CompiledCode.Uses(typeof(SweepMachine).Assembly.Location, "Sweeps.Core").ToList();
        Assert.True(uses.Count > 100, "the test reads no code");
        // Every iterator the compiler writes asks for its thread's number.
        Assert.DoesNotContain(uses.Where(use => use.Member != "get_CurrentManagedThreadId"), use =>
            namespaces.Any(name => use.Type.StartsWith(name + ".", StringComparison.Ordinal)) || types.Contains(use.Type) || members.Contains(use.Member));
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

/// <summary>What a compiled assembly refers to, read from its metadata and instructions.</summary>
internal static class CompiledCode
{
    public static IReadOnlyList<string> AssemblyReferences(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        var metadata = file.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
    }

    /// <summary>
    /// Types and members of other places that the methods of a namespace name in their instructions; with the method that does.
    /// </summary>
    public static IEnumerable<(string Type, string Member, string By)> Uses(string path, string root)
    {
        using var file = new PEReader(File.OpenRead(path));
        var metadata = file.GetMetadataReader();
        foreach (var handle in metadata.TypeDefinitions)
        {
            var type = metadata.GetTypeDefinition(handle);
            if (!IsWithin(Namespace(metadata, type), root))
                continue;
            foreach (var method in type.GetMethods().Select(metadata.GetMethodDefinition).Where(method => method.RelativeVirtualAddress != 0))
                foreach (var token in Instructions.Tokens(file.GetMethodBody(method.RelativeVirtualAddress).GetILBytes()!))
                    if (Name(metadata, token) is var (owner, member) && owner.Length > 0)
                        yield return (owner, member, $"{metadata.GetString(type.Name)}.{metadata.GetString(method.Name)}");
        }
    }

    private static bool IsWithin(string name, string root) => name == root || name.StartsWith(root + ".", StringComparison.Ordinal);

    private static string Namespace(MetadataReader metadata, TypeDefinition type)
    {
        while (!type.GetDeclaringType().IsNil)
            type = metadata.GetTypeDefinition(type.GetDeclaringType());
        return metadata.GetString(type.Namespace);
    }

    private static (string Type, string Member) Name(MetadataReader metadata, EntityHandle handle)
    {
        switch (handle.Kind)
        {
            case HandleKind.MemberReference:
                var member = metadata.GetMemberReference((MemberReferenceHandle)handle);
                return (Name(metadata, member.Parent).Type, metadata.GetString(member.Name));
            case HandleKind.MethodSpecification:
                return Name(metadata, metadata.GetMethodSpecification((MethodSpecificationHandle)handle).Method);
            case HandleKind.TypeReference:
                var type = metadata.GetTypeReference((TypeReferenceHandle)handle);
                return ($"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}", "");
            case HandleKind.TypeSpecification:
                var blob = metadata.GetBlobReader(metadata.GetTypeSpecification((TypeSpecificationHandle)handle).Signature);
                return blob.ReadByte() == (byte)SignatureTypeCode.GenericTypeInstance && blob.ReadByte() > 0 ? Name(metadata, blob.ReadTypeHandle()) : ("", "");
            case HandleKind.TypeDefinition:
                var own = metadata.GetTypeDefinition((TypeDefinitionHandle)handle);
                return ($"{Namespace(metadata, own)}.{metadata.GetString(own.Name)}", "");
            case HandleKind.MethodDefinition:
                return Name(metadata, metadata.GetMethodDefinition((MethodDefinitionHandle)handle).GetDeclaringType());
            default:
                return ("", "");
        }
    }
}
