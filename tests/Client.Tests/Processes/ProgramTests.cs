using Tests.Shared;

namespace Client.Tests.Processes;

/// <summary>Sweeps over programs through the real command.</summary>
public sealed class ProgramTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [UnixFact]
    public void A_shell_script_is_swept_and_its_failure_is_told_by_its_last_lines()
    {
        File.WriteAllText(folder["train.sh"], """
            for argument in "$@"; do case $argument in --lr=*) lr=${argument#--lr=};; esac; done
            if [ "$lr" = 3 ]; then echo "no such rate: $lr" >&2; exit 7; fi
            for epoch in 1 2 3; do echo "@sweep {\"epoch\": $epoch, \"val_loss\": $lr$epoch}"; done
            """);
        File.WriteAllText(folder["sweep.yaml"], """
            program: train.sh
            command: [sh, '${program}', '${args}']
            method: grid
            metric: {name: val_loss, goal: minimize}
            parameters: {lr: {values: [1, 2, 3]}, dataset: {value: mnist}}
            """);

        var (exit, output, errors) = SweepProcess.Run(folder["home"], "run", folder["sweep.yaml"]);

        Assert.True(exit == (int)ExitCode.Done, output + errors);
        Assert.Contains("2 finished · 1 failed", output, StringComparison.Ordinal);
        Assert.Contains("best  11", output, StringComparison.Ordinal);
        var why = SweepProcess.Run(folder["home"], "why", "2").Output.ReplaceLineEndings(" ");
        Assert.Contains("train.sh ended with exit code 7", why, StringComparison.Ordinal);
        Assert.Contains("no such rate: 3", why, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateDirectories(Path.Combine(folder["home"], TinySweep.Only(folder["home"])!, "work")));
    }

    [TorchFact]
    public void The_program_of_PyTorch_in_the_docs_is_swept_and_goes_on_from_its_checkpoints()
    {
        // Another interpreter on the path, named python, would be preferred to a python3 that has PyTorch.
        var path = $"{Path.GetDirectoryName(PythonFactAttribute.WithTorch)}:/usr/bin:/bin";

        var (exit, output, errors) = SweepProcess.RunWith(
            new() { ["PATH"] = path, ["PYTHONDONTWRITEBYTECODE"] = "1" }, folder["home"],
            "run", Repository("docs/examples/pytorch/sweep.yaml"), "--set", "method=random", "--set", "run_cap=3", "--slots", "2", "-o", "json");

        Assert.True(exit == (int)ExitCode.Done, output + errors);
        // The best of three goes on from its rung at epoch 3 to 9: what it trained before is not trained again.
        Assert.Equal(9 + 3 + 3, System.Text.Json.JsonDocument.Parse(output).RootElement.GetProperty("epochs").GetInt32());
        Assert.DoesNotContain("begins again", errors, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    private static string Repository(string path, [System.Runtime.CompilerServices.CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../..", path));
}
