using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.Loader;
using Engine;
using Engine.Data;
using Sweeps.Core;
using Sweeps.Files;
using Sweeps.Programs;

namespace Sweeps.Training;

/// <summary>An <see cref="ITrainable"/> of a class library.</summary>
/// <param name="File">The path of the assembly, absolute in the log of a sweep.</param>
/// <param name="Type">The full name of the class.</param>
public sealed record DotnetSpec(string File, string Type) : TrainableSpec
{
    /// <inheritdoc/>
    public override bool HasTestPart => true;

    /// <summary>Parses <c>FILE#Type</c>; null if one of the two is missing.</summary>
    public static DotnetSpec? Parse(string text) =>
        text.LastIndexOf('#') is var at && at > 0 && at < text.Length - 1 ? new DotnetSpec(text[..at], text[(at + 1)..]) : null;

    /// <summary>Returns <c>FILE#Type</c> or <c>dotnet:FILE#Type</c> with the full path of FILE, which is relative to <paramref name="folder"/>.</summary>
    public static string Rooted(string named, string folder)
    {
        var prefix = named.StartsWith(DotnetDescriptor.Prefix, StringComparison.Ordinal) ? DotnetDescriptor.Prefix : "";
        return Parse(named[prefix.Length..]) is { } spec ? $"{prefix}{Path.GetFullPath(spec.File, folder)}#{spec.Type}" : named;
    }
}

/// <summary><c>trainable: dotnet:FILE#Type</c>: a class of a class library (docs/programs.md).</summary>
public sealed class DotnetDescriptor : TrainableDescriptor
{
    internal const string Prefix = "dotnet:";

    /// <inheritdoc/>
    public override string Name => "dotnet";

    /// <inheritdoc/>
    public override string Key => "dotnet";

    /// <inheritdoc/>
    public override bool SelectedByPrefix => true;

    /// <inheritdoc/>
    public override bool Matches(TrainableSpec spec) => spec is DotnetSpec;

    internal override TrainableSpec? Read(Section top, int format)
    {
        var key = top.Has(Key) ? Key : "trainable";
        var text = top.TakeText(key);
        if (text?.StartsWith(Prefix, StringComparison.Ordinal) == true)
            text = text[Prefix.Length..];
        if (!top.Has("metric"))
            top.Mistake(null, "'metric' is missing: it names the metric, reported by the trainable, that the sweep optimises. For instance: metric: {name: val_loss, goal: minimize}");
        if (text is null || DotnetSpec.Parse(text) is not { } spec)
        {
            top.Mistake(key, "A trainable of .NET is named by its file and its class, such as: trainable: 'dotnet:bin/Release/net10.0/Rings.dll#Rings.Classifier'");
            return null;
        }
        return spec;
    }

    /// <inheritdoc/>
    public override Objective DefaultObjective(TrainableSpec spec) => new("loss", Goal.Minimize);

    internal override void Check(SweepFile file, Diagnostics diagnostics)
    {
        var spec = (DotnetSpec)file.Spec.Trainable;
        if (!Path.IsPathRooted(spec.File) || File.Exists(spec.File))
            return;
        if (file.Elsewhere)
            diagnostics.Warn(file.TrainedLocation, $"There is no file {spec.File} on this machine: a run needs a node that has it in a folder of its --programs.");
        else
            diagnostics.Mistake(file.TrainedLocation, $"There is no file {spec.File}. Build the class library first (dotnet build -c Release), or name its .dll relative to the sweep file.");
    }

    /// <inheritdoc/>
    public override string Describe(TrainableSpec spec) => $"{((DotnetSpec)spec).Type} of {((DotnetSpec)spec).File}";

    /// <inheritdoc/>
    public override ITrainable Make(SweepSpec spec, Func<string, Dataset> load, Func<string, string> find, TimeProvider time) =>
        new DotnetTrainable((DotnetSpec)spec.Trainable, spec);
}

/// <summary>
/// Loads the class when the first run starts, in a separate load context per file, so that its packages may have other versions than those of this
/// program. The class must have a public constructor without parameters or with one of type <see cref="SweepSpec"/>.
/// </summary>
/// <param name="described">The class.</param>
/// <param name="spec">The sweep, for a constructor that takes it.</param>
public sealed class DotnetTrainable(DotnetSpec described, SweepSpec spec) : ITrainable
{
    // One context per version of a file: native libraries cannot be loaded twice, and a rebuilt file must be loaded again.
    private static readonly ConcurrentDictionary<(string File, DateTime Written), Lazy<Assembly>> Loaded = new();

    private readonly Lazy<ITrainable> trainable = new(() => Create(described, spec));

    /// <inheritdoc/>
    public ITrainingSession Start(Configuration configuration, ulong seed) => trainable.Value.Start(configuration, seed);

    /// <inheritdoc/>
    public ITrainingSession Start(RunStart start)
    {
        // The rules for programs apply: a node that runs no programs, or none of this folder, must not load code from it.
        var host = start.Host ?? throw new ProgramException("This node runs no programs.", permanent: false);
        if (host.Allowed is { } allowed && !allowed.Any(folder => Path.GetFullPath(described.File).StartsWith(Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal)))
            throw new ProgramException($"This node runs programs of {string.Join(", ", allowed)} only, and {described.File} is in none of them.", permanent: false);
        return trainable.Value.Start(start);
    }

    private static ITrainable Create(DotnetSpec described, SweepSpec spec)
    {
        var name = Path.GetFileName(described.File);
        try
        {
            var file = Path.GetFullPath(described.File);
            if (!File.Exists(file))
                throw new ConfigurationException($"There is no file {file}. Build the class library first: dotnet build -c Release");
            var assembly = Loaded.GetOrAdd((file, File.GetLastWriteTimeUtc(file)), _ => new(() => new TrainableLoadContext(file).LoadFromAssemblyPath(file))).Value;
            return Create(assembly, name, described.Type, spec);
        }
        catch (Exception problem) when (problem is BadImageFormatException or FileLoadException or FileNotFoundException or TypeLoadException or MissingMethodException or ReflectionTypeLoadException)
        {
            var cause = (problem as ReflectionTypeLoadException)?.LoaderExceptions.FirstOrDefault(one => one is not null) ?? problem;
            throw new ConfigurationException($"{name} cannot be loaded: {cause.Message} Build it against this version ({Product.Version}), with all its packages beside it "
                + "(<CopyLocalLockFileAssemblies>true</CopyLocalLockFileAssemblies>).", problem);
        }
    }

    private static ITrainable Create(Assembly assembly, string file, string typeName, SweepSpec spec)
    {
        if (assembly.GetType(typeName) is not { } type)
        {
            var candidates = assembly.GetExportedTypes().Where(type => typeof(ITrainable).IsAssignableFrom(type) && !type.IsAbstract).Select(type => type.FullName!).ToArray();
            throw new ConfigurationException($"{file} has no class '{typeName}'. " + (candidates.Length > 0
                ? DidYouMean.Hint(typeName, candidates)
                : $"No public class of it implements {typeof(ITrainable).FullName}."));
        }
        if (!typeof(ITrainable).IsAssignableFrom(type))
            throw new ConfigurationException($"{typeName} of {file} does not implement {typeof(ITrainable).FullName}.");
        try
        {
            if (type.GetConstructor([typeof(SweepSpec)]) is { } ofSpec)
                return (ITrainable)ofSpec.Invoke([spec]);
            return type.GetConstructor([]) is { } plain ? (ITrainable)plain.Invoke([]) : throw new ConfigurationException(
                $"{typeName} of {file} has no public constructor without parameters, and none that takes a {nameof(SweepSpec)}.");
        }
        catch (TargetInvocationException thrown)
        {
            throw new ConfigurationException($"{typeName} of {file} cannot be created: {thrown.InnerException!.Message}", thrown.InnerException);
        }
    }

    /// <summary>
    /// Resolves the packages of a class library from its own folder, except the assemblies of the contract (<see cref="ITrainable"/> and
    /// <see cref="Configuration"/>). These are those of this program, because the same type in two load contexts is two different types.
    /// </summary>
    private sealed class TrainableLoadContext(string file) : AssemblyLoadContext(Path.GetFileName(file))
    {
        private static readonly HashSet<string> Shared = [.. new[] { typeof(ITrainable), typeof(Configuration) }.Select(type => type.Assembly.GetName().Name!)];

        private readonly AssemblyDependencyResolver resolver = new(file);

        protected override Assembly? Load(AssemblyName assemblyName) =>
            !Shared.Contains(assemblyName.Name!) && resolver.ResolveAssemblyToPath(assemblyName) is { } path ? LoadFromAssemblyPath(path) : null;

        protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
            resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } path ? LoadUnmanagedDllFromPath(path) : 0;
    }
}
