using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sweeps.Core.Search;
using Sweeps.Files;
using Sweeps.Programs;
using Sweeps.Programs.Python;

namespace Client.Local;

/// <summary>Derives a sweep file from a script or notebook that defines its sweep with <c>wandb.sweep</c> and <c>wandb.agent</c>.</summary>
public static partial class ScriptSweep
{
    /// <summary>Whether a file is a script or a notebook instead of a sweep file.</summary>
    public static bool IsScript(FileInfo file) => file.Extension.ToUpperInvariant() is ".PY" or ".IPYNB";

    /// <summary>
    /// Runs the script once without training, converts the sweep that it defines to a sweep file, and shows and validates it. Throws
    /// <see cref="UsageException"/>.
    /// </summary>
    /// <param name="context">The terminal and the folder.</param>
    /// <param name="script">The script.</param>
    /// <param name="arguments">The arguments of the script.</param>
    /// <param name="number">The number of the sweep, from 1; null when the script defines only one.</param>
    /// <param name="cancel">Cancels the script.</param>
    public static async Task<(SweepFile File, string Text)> ReadAsync(
        CommandContext context, FileInfo script, IReadOnlyList<string> arguments, int? number, CancellationToken cancel)
    {
        if (!script.Exists)
            throw new UsageException($"{script}: no such file.");
        var notebook = script.Extension.Equals(".ipynb", StringComparison.OrdinalIgnoreCase);
        // A notebook runs in its own folder and a script in the current one, as when they run without sweep.
        var folder = notebook ? script.DirectoryName! : Environment.CurrentDirectory;
        var program = Path.GetRelativePath(folder, script.FullName);
        context.Terminal.Say($"Running {script} once to read the sweep that it defines; nothing is trained.");
        try
        {
            var sweeps = await ScriptCapture.RunAsync(
                PythonModules.Unpack(context.Home.Python), program, arguments, folder, line => context.Terminal.Error.Profile.Out.Writer.WriteLine($"  {PlainText.Escape(line)}"), cancel);
            var (chosen, index) = Choose(sweeps, script.ToString(), number);
            var text = Text(chosen, index + 1, sweeps.Count, program, folder, arguments);
            context.Terminal.Say($"{script} defines this sweep:\n\n{Indented(text)}");
            var file = SweepFile.Parse(text, $"{script} (sweep {index + 1})").Verify();
            if (file.Spec.RunCap is null && file.Spec.Method != SearchMethod.Grid)
                context.Terminal.Warn($"wandb.agent has no count: the sweep goes on until you stop it. Give one, such as wandb.agent(…, function={chosen.Function}, count=50).");
            return (file, SweepFileEdit.ForLog(text, file));
        }
        catch (Exception problem) when (problem is ProgramException or SweepFileException)
        {
            throw new UsageException(problem.Message, problem);
        }
    }

    private static (CapturedSweep Sweep, int Index) Choose(IReadOnlyList<CapturedSweep> sweeps, string script, int? number)
    {
        if (sweeps.Count == 0)
            throw new UsageException($"{script} defines no sweep: it never calls wandb.sweep. Describe the sweep in a file with the keys method, metric and parameters, "
                + $"and program: {Path.GetFileName(script)}; run that file.");
        if (number is < 1 || number > sweeps.Count)
            throw new UsageException($"--sweep {number}: {script} defines {sweeps.Count}: {List(sweeps)}");
        var trained = sweeps.Index().Where(one => one.Item.Agents > 0).ToArray();
        if (number is null && trained.Length > 1)
            throw new UsageException($"{script} defines {sweeps.Count} sweeps; say which with --sweep: {List(sweeps)}");
        if (number is null && trained.Length == 0)
            throw new UsageException($"{script} defines a sweep but never calls wandb.agent, so that its function is not known. Add: wandb.agent(sweep_id, function=train, count=50)");
        var (index, chosen) = number is { } given ? (given - 1, sweeps[given - 1]) : trained[0];
        return chosen is { Configuration: null, File: null }
            ? throw new UsageException($"{script} takes the id of its sweep from elsewhere and has no dictionary of it. Write the sweep into a file with "
                + $"program: {Path.GetFileName(script)} and command: ['${{env}}', '${{interpreter}}', -m, sweep_script, '${{program}}', ID]; run that file.")
            : (chosen, index);
    }

    private static string List(IReadOnlyList<CapturedSweep> sweeps) => string.Join("; ", sweeps.Index().Select(one => string.Create(CultureInfo.InvariantCulture,
        $"{one.Index + 1}: {Name(one.Item) ?? "unnamed"} ({one.Item.Configuration?["method"]?.ToString() ?? one.Item.File ?? "made elsewhere"}, {(one.Item.Agents == 0 ? "no agent" : one.Item.Function ?? "no function")}{(one.Item.Count is { } count ? $", {count} runs" : "")})")));

    private static string? Name(CapturedSweep sweep) => sweep.Configuration?["name"]?.ToString();

    /// <summary>The sweep file: the script's dictionary, its count as <c>run_cap</c>, and the script as the program.</summary>
    private static string Text(CapturedSweep sweep, int number, int sweeps, string program, string folder, IReadOnlyList<string> arguments)
    {
        if (sweep.File is { } file)
            return OfFile(sweep, file, Own(sweep, number, sweeps, program, folder, arguments));
        var text = new StringBuilder();
        var configuration = sweep.Configuration!;
        if (Name(sweep) is null)
            text.AppendLine(CultureInfo.InvariantCulture, $"name: {Scalar(Path.GetFileNameWithoutExtension(program))}");
        foreach (var (key, value) in configuration.Where(one => one.Key is not ("program" or "command" or "run_cap")))
        {
            text.Append(Scalar(key)).Append(':');
            if (value is JsonObject { Count: > 0 } map && key == "parameters")
                foreach (var (name, parameter) in map)
                    text.Append("\n  ").Append(Scalar(name)).Append(": ").Append(Flow(parameter));
            else
                text.Append(' ').Append(Flow(value));
            text.AppendLine();
        }
        foreach (var (key, value) in Own(sweep, number, sweeps, program, folder, arguments))
            text.AppendLine(CultureInfo.InvariantCulture, $"{key}: {value}");
        return text.ToString();
    }

    private static string OfFile(CapturedSweep sweep, string file, List<(string Key, string Value)> own)
    {
        try
        {
            return SweepFileEdit.Set(File.ReadAllText(file), own);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"wandb.sweep('{sweep.File}'): {problem.Message}", problem);
        }
    }

    /// <summary>
    /// The keys that define how to run the script. A sweep whose agent has no function runs the program in its dictionary.
    /// </summary>
    private static List<(string Key, string Value)> Own(
        CapturedSweep sweep, int number, int sweeps, string program, string folder, IReadOnlyList<string> arguments)
    {
        var keys = new List<(string, string)>();
        var cap = sweep.Configuration?["run_cap"] is JsonValue given && given.TryGetValue<long>(out var most) ? Math.Min(most, sweep.Count ?? most) : sweep.Count;
        if (cap is { } runs)
            keys.Add(("run_cap", runs.ToString(CultureInfo.InvariantCulture)));
        if (sweep.Function is null && sweep.Configuration?["program"] is { } named)
        {
            keys.Add(("program", Flow(named)));
            if (sweep.Configuration["command"] is { } command)
                keys.Add(("command", Flow(command)));
        }
        else
        {
            string[] words = ["${env}", "${interpreter}", "-m", "sweep_script", .. sweeps > 1 ? ["--sweep", number.ToString(CultureInfo.InvariantCulture)] : Array.Empty<string>(), "${program}", .. arguments];
            keys.Add(("program", Scalar(program)));
            keys.Add(("command", $"[{string.Join(", ", words.Select(Scalar))}]"));
        }
        keys.Add(("folder", Scalar(folder)));
        keys.Add(("reports", "wandb"));
        return keys;
    }

    private static string Flow(JsonNode? node) => node switch
    {
        null => "null",
        JsonObject map => $"{{{string.Join(", ", map.Select(one => $"{Scalar(one.Key)}: {Flow(one.Value)}"))}}}",
        JsonArray list => $"[{string.Join(", ", list.Select(Flow))}]",
        JsonValue value when value.GetValueKind() == System.Text.Json.JsonValueKind.String => Scalar(value.GetValue<string>()),
        _ => node.ToJsonString(),
    };

    /// <summary>A YAML scalar, quoted if it could be parsed as another type.</summary>
    private static string Scalar(string text) => Plain().IsMatch(text) ? text
        : text.Any(char.IsControl) ? JsonValue.Create(text).ToJsonString()
        : $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private static string Indented(string text) => string.Concat(text.TrimEnd().Split('\n').Select(line => $"  {line}\n"));

    [GeneratedRegex(@"^(?!(?i:true|false|null|yes|no|on|off|nan|inf|infinity|e\d+|y|n)\z)[A-Za-z_/][A-Za-z0-9_./-]*\z")]
    private static partial Regex Plain();
}
