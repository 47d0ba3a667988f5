using Sweeps.Programs;
using Sweeps.Programs.Python;
using Sweeps.Log.Folder;
using Tests.Shared;

namespace Runtime.Tests.Programs;

/// <summary>What a node with folders of programs runs for whoever can submit a sweep, and what it refuses.</summary>
public sealed class ProgramPolicyTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData("train.sh", "sh,${program},${args}", null)]
    [InlineData("train.sh", "", null)]
    [InlineData("train.sh", "${env},${interpreter},${program}", null)]
    [InlineData("train.sh", "python3.11,${program}", null)]
    [InlineData("train.sh", "sh,-c,${program}", "before ${program} a node of a cluster takes only")]
    [InlineData("train.sh", "${interpreter},-m,${program}", "before ${program} a node of a cluster takes only")]
    [InlineData("train.sh", "curl,${program}", "before ${program} a node of a cluster takes only")]
    [InlineData("train.sh", "sh,train.sh", "before ${program} a node of a cluster takes only")]
    [InlineData(null, "sh,train.sh", "name one with 'program'")]
    [InlineData("other.sh", "sh,${program}", "'other.sh' is not in its folders of programs")]
    [InlineData("../outside.sh", "sh,${program}", "'../outside.sh' is not in its folders of programs")]
    [InlineData("link.sh", "sh,${program}", "'link.sh' is not in its folders of programs")]
    public void A_node_runs_files_of_its_folders_with_an_interpreter(string? program, string command, string? refusal)
    {
        if (OperatingSystem.IsWindows())
            return;
        var spec = new ProgramSpec(program, command.Split(',', StringSplitOptions.RemoveEmptyEntries), null);

        AssertRefusal(refusal, spec);
    }

    [Theory]
    [InlineData("RATE", null)]
    [InlineData("PATH", "'env' may not set PATH")]
    [InlineData("LD_PRELOAD", "'env' may not set LD_PRELOAD")]
    [InlineData("PYTHONSTARTUP", "'env' may not set PYTHONSTARTUP")]
    [InlineData("BASH_ENV", "'env' may not set BASH_ENV")]
    public void A_variable_that_changes_what_is_run_is_refused(string variable, string? refusal) => AssertRefusal(
        refusal, new ProgramSpec("train.sh", ["sh", "${program}"], null) { Environment = new Dictionary<string, string?> { [variable] = "x" } });

    [Fact]
    public void Code_of_a_client_and_programs_of_the_node_are_allowed_one_by_one()
    {
        var sent = new ProgramSpec("train.sh", [], null) { Code = new ProgramCode(new string('a', 64), null) };

        Assert.Contains("start it with --accept-code", ProgramPolicy.Refusal(sent, Host(folder["programs"])), StringComparison.Ordinal);
        Assert.Contains("start it with --programs", ProgramPolicy.Refusal(new ProgramSpec("train.sh", [], null), Host()), StringComparison.Ordinal);
        Assert.Contains("start it with --programs", ProgramPolicy.Refusal(new ProgramSpec("train.sh", [], null), (ProgramHost?)null), StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    private void AssertRefusal(string? expected, ProgramSpec spec)
    {
        Directory.CreateDirectory(folder["programs"]);
        File.WriteAllText(folder["programs/train.sh"], "");
        File.WriteAllText(folder["outside.sh"], "");
        if (!File.Exists(folder["programs/link.sh"]))
            File.CreateSymbolicLink(folder["programs/link.sh"], folder["outside.sh"]);
        var refusal = ProgramPolicy.Refusal(spec, Host(folder["programs"]));
        Assert.True(expected is null ? refusal is null : refusal?.Contains(expected, StringComparison.Ordinal) == true, refusal ?? "it is run");
    }

    private ProgramHost Host(params string[] allowed) => new()
    {
        Work = _ => folder["work"], Outputs = new FolderOutputs(new SweepHome(folder["home"])), Artifacts = _ => folder["artifacts"],
        Modules = new(() => PythonModules.Unpack(folder["modules"])), Allowed = allowed,
    };
}
