using Sweeps.Core;
using Sweeps.Files.Yaml;

namespace Sweeps.Files.Sections;

/// <summary><c>trainable</c>, <c>dataset</c>, <c>table</c>, <c>function</c>: what is trained.</summary>
internal static class TrainableSection
{
    /// <summary>Keys with which a W&amp;B file names the program it runs.</summary>
    public static readonly string[] Programs = ["program", "command", "job", "image_uri"];

    private const string DefaultDataset = "fashion-mnist";

    private static readonly Dictionary<string, Kind> Kinds = new()
    {
        ["network"] = Kind.Network, ["table"] = Kind.Table, ["function"] = Kind.Function,
    };

    private static readonly Dictionary<string, Fidelity> Fidelities = new()
    {
        ["linear"] = Fidelity.Linear, ["logarithmic"] = Fidelity.Logarithmic,
    };

    private static readonly string[] Named = ["dataset", "table", "function", "trainable"];

    private enum Kind
    {
        Network,
        Table,
        Function,
    }

    /// <summary>What is trained; a network on Fashion-MNIST when the file does not say; null when it is wrong.</summary>
    /// <param name="top">The file.</param>
    /// <param name="format">The format of a file that does not say its own.</param>
    public static TrainableSpec? Read(Section top, int format)
    {
        format = (int)(top.TakeInteger("format", 1, TrainableSpec.Network.NewestFormat) ?? format);
        var kind = top.TakeWord("trainable", Kinds)
            ?? (top.Has("table") ? Kind.Table : top.Has("function") ? Kind.Function : Kind.Network);
        Refuse(top, "dataset", kind != Kind.Network);
        Refuse(top, "table", kind != Kind.Table);
        Refuse(top, "function", kind != Kind.Function);
        return kind switch
        {
            Kind.Table => ReadTable(top),
            Kind.Function => ReadFunction(top),
            _ => new TrainableSpec.Network(top.TakeText("dataset") ?? DefaultDataset) { Format = format },
        };
    }

    /// <summary>The key that names what is trained, or the file.</summary>
    public static SourceLocation LocationOf(Section top) => top.LocationOf(Named.FirstOrDefault(top.Has) ?? "");

    /// <summary>The first key that names a program in a file that does not say what is trained; null when it does, or names none.</summary>
    public static SourceLocation? ProgramInstead(Section top) =>
        !Named.Any(top.Has) && Programs.FirstOrDefault(top.Has) is { } program ? top.LocationOf(program) : null;

    private static void Refuse(Section top, string key, bool refused)
    {
        top.Know(key);
        if (!refused || !top.Has(key))
            return;
        top.Take(key);
        top.Diagnostics.Mistake(top.LocationOf(key), $"'{key}' does not go with this 'trainable': network takes 'dataset', table takes 'table', function takes 'function'.");
    }

    private static TrainableSpec.Table? ReadTable(Section top)
    {
        if (top.TakeText("table") is { } file)
            return new TrainableSpec.Table(file);
        if (!top.Has("table"))
            top.Diagnostics.Mistake(top.LocationOf("trainable"), "'trainable: table' needs 'table': the file of learning curves.");
        return null;
    }

    private static TrainableSpec.Function? ReadFunction(Section top)
    {
        if (top.Take("function") is not { } node)
        {
            top.Diagnostics.Mistake(top.LocationOf("trainable"), "'trainable: function' needs 'function', such as: function: {name: branin}");
            return null;
        }
        if (node is ScalarNode { Text.Length: > 0 } scalar)
            return new TrainableSpec.Function(scalar.Text, 0, Fidelity.Linear);
        if (top.TakeSection("function") is not { } function)
            return null;
        var name = function.TakeText("name");
        if (name is null && !function.Has("name"))
            top.Diagnostics.Mistake(function.Location, "'function.name' is missing.");
        var noise = function.TakeNumber("noise", noise => noise >= 0, "a number of at least 0") ?? 0;
        var fidelity = function.TakeWord("fidelity", Fidelities) ?? Fidelity.Linear;
        var pace = Duration.Take(function, "pace") ?? TimeSpan.Zero;
        function.End();
        return name is null ? null : new TrainableSpec.Function(name, noise, fidelity, pace);
    }
}
