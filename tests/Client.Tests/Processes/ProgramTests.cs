using Tests.Shared;

namespace Client.Tests.Processes;

/// <summary>Sweeps over programs through the real command.</summary>
public sealed class ProgramTests : IDisposable
{
    private const string Hyperband = """
        program: train.sh
        command: [sh, '${program}', '${args}']
        method: grid
        metric: {name: loss, goal: minimize}
        early_terminate: {type: hyperband, min_iter: 2}
        parameters: {x: {values: [1]}}
        """;

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

    /// <summary>A program without a checkpoint begins again when its run goes on: its epochs are compared with the log and counted.</summary>
    [UnixFact]
    public void A_program_that_keeps_nothing_trains_epochs_again_and_is_told_that_they_differ()
    {
        File.WriteAllText(folder["train.sh"], """
            for argument in "$@"; do case $argument in --x=*) x=${argument#--x=};; esac; done
            for epoch in 1 2 3 4; do
              echo "@sweep {\"epoch\": $epoch, \"loss\": $((x * 10 - epoch + SWEEP_GENERATION))}"
              if [ $epoch = "$SWEEP_UNTIL" ]; then exit 0; fi
            done
            """);
        File.WriteAllText(folder["sweep.yaml"], """
            program: train.sh
            command: [sh, '${program}', '${args}']
            method: grid
            epochs: 4
            metric: {name: loss, goal: minimize}
            early_terminate: {type: successive_halving, min_iter: 2, max_iter: 4, eta: 2}
            parameters: {x: {values: [1, 2]}}
            """);
        var home = folder["home"];

        Assert.Contains("train.sh keeps no checkpoint in SWEEP_CHECKPOINT: a run that goes on begins again at epoch 1", Words(SweepProcess.Run(home, "check", folder["sweep.yaml"]).Output), StringComparison.Ordinal);
        var (exit, output, errors) = SweepProcess.Run(home, "run", folder["sweep.yaml"], "--slots", "1");
        Assert.True(exit == (int)ExitCode.Done, output + errors);
        var why = Words(SweepProcess.Run(home, "why", "0").Output);
        Assert.Contains("epoch 1 was trained again with loss 11, recorded is 10: the training does not reproduce itself", why, StringComparison.Ordinal);
        Assert.Contains("Started again, and trained 2 epochs a second time: it has no checkpoint.", why, StringComparison.Ordinal);
        Assert.Equal(6 + 2, System.Text.Json.JsonDocument.Parse(SweepProcess.Run(home, "best", "-o", "json").Output).RootElement.GetProperty("best").GetProperty("metrics").GetProperty("loss").GetDouble());
    }

    /// <summary>The program reports the epoch of a rung, gets the verdict continue and ends with code 0. A second start would train the run again.</summary>
    [LinuxFact]
    public void A_program_that_ends_after_the_verdict_continue_is_finished()
    {
        File.WriteAllText(folder["train.sh"], $$"""
            echo start >> '{{folder["starts"]}}'
            for epoch in 1 2; do
              echo "{\"epoch\": $epoch, \"loss\": $epoch, \"ask\": true}" >> "$SWEEP_REPORT"
              read answer < "$SWEEP_VERDICTS"
            done
            """);
        File.WriteAllText(folder["sweep.yaml"], Hyperband);
        var home = folder["home"];

        var (exit, output, errors) = SweepProcess.Run(home, "run", folder["sweep.yaml"]);

        Assert.True(exit == (int)ExitCode.Done, output + errors);
        Assert.Equal(["start"], File.ReadAllLines(folder["starts"]));
        var why = Words(SweepProcess.Run(home, "why", "0").Output);
        Assert.Contains("Finished", why, StringComparison.Ordinal);
        Assert.DoesNotContain("second time", why, StringComparison.Ordinal);
    }

    /// <summary>The program asks for no verdict and writes no checkpoint, so that it starts again at epoch 1 in the same assignment. The repeated epochs are waste.</summary>
    [UnixFact]
    public void Epochs_that_are_repeated_in_one_assignment_are_waste()
    {
        File.WriteAllText(folder["train.sh"], """
            for epoch in 1 2 3 4; do
              echo "@sweep {\"epoch\": $epoch, \"loss\": $epoch}"
              if [ $epoch = "$SWEEP_UNTIL" ]; then exit 0; fi
            done
            """);
        File.WriteAllText(folder["sweep.yaml"], $"{Hyperband}\nepochs: 4\n");
        var home = folder["home"];

        var (exit, output, errors) = SweepProcess.Run(home, "run", folder["sweep.yaml"]);

        Assert.True(exit == (int)ExitCode.Done, output + errors);
        var why = Words(SweepProcess.Run(home, "why", "0").Output);
        Assert.Contains("trained 2 epochs a second time: its program was at epoch 2 and reported epoch 1 again.", why, StringComparison.Ordinal);
    }

    /// <summary>A report with a wrong epoch ends the run, because a program that asks would wait for the answer for ever.</summary>
    [UnixFact]
    public void A_report_with_a_wrong_epoch_and_a_mark_without_a_report_are_told()
    {
        File.WriteAllText(folder["train.sh"], """
            echo '50%|####@sweep {"epoch": 1, "loss": 3}'
            echo 'done @sweep {"epoch": 2, "loss": 2} it seems'
            echo '{"epoch": 1.5, "loss": 1, "ask": true}' >> "$SWEEP_REPORT"
            read answer < "$SWEEP_VERDICTS"
            """);
        File.WriteAllText(folder["sweep.yaml"], Hyperband);
        var home = folder["home"];

        var (exit, output, errors) = SweepProcess.Run(home, "run", folder["sweep.yaml"]);

        Assert.True(exit != (int)ExitCode.Done, output + errors);
        var why = Words(SweepProcess.Run(home, "why", "0").Output);
        Assert.Contains("the epoch is 1.5; expected a whole number from 0 on", why, StringComparison.Ordinal);
        Assert.Contains("[sweep] a report was not read: of its report '{\"epoch\": ", Words(SweepProcess.Run(home, "logs", "0").Output), StringComparison.Ordinal);
    }

    /// <summary>A sweep that is extended goes on from the checkpoints of its program, and says that the program was changed meanwhile.</summary>
    [UnixFact]
    public void An_extended_sweep_goes_on_from_checkpoints_and_a_changed_program_is_shown()
    {
        const string Program = """
            epoch=$SWEEP_EPOCH; value=100
            if [ "$epoch" -gt 0 ]; then value=$(cat "$SWEEP_CHECKPOINT/value"); fi
            while [ "$epoch" -lt "${SWEEP_UNTIL:-99}" ]; do
              epoch=$((epoch + 1)); value=$((value - 7))
              rm -f "$SWEEP_CHECKPOINT/epoch"; echo $value > "$SWEEP_CHECKPOINT/value"; echo $epoch > "$SWEEP_CHECKPOINT/epoch"
              echo "@sweep {\"epoch\": $epoch, \"loss\": $value}"
            done
            """;
        File.WriteAllText(folder["train.sh"], Program);
        File.WriteAllText(folder["sweep.yaml"], """
            program: train.sh
            command: [sh, '${program}', '${args}']
            method: grid
            epochs: 2
            metric: {name: loss, goal: minimize}
            parameters: {x: {values: [1, 2]}}
            """);
        var home = folder["home"];
        Assert.Equal((int)ExitCode.Done, SweepProcess.Run(home, "run", folder["sweep.yaml"]).ExitCode);
        var before = SweepProcess.Run(home, "show").Output;
        Assert.Matches("program: train.sh [0-9a-f]{12}", before);

        File.WriteAllText(folder["train.sh"], Program + "\n# changed\n");
        var (exit, output, errors) = SweepProcess.Run(home, "extend", "--epochs", "5");
        Assert.True(exit == (int)ExitCode.Done, output + errors);
        (exit, output, errors) = SweepProcess.Run(home, "resume", "-o", "json");
        Assert.True(exit == (int)ExitCode.Done, output + errors);
        var sweep = System.Text.Json.JsonDocument.Parse(output).RootElement;
        Assert.Equal((10, 2), (sweep.GetProperty("epochs").GetInt32(), sweep.GetProperty("programs").GetArrayLength()));
        Assert.Equal(65, sweep.GetProperty("best").GetProperty("metrics").GetProperty("loss").GetDouble());
        Assert.Matches("the program changed between runs: train.sh [0-9a-f]{12}[^;]*; then train.sh [0-9a-f]{12}", Words(SweepProcess.Run(home, "show").Output));
        Assert.Contains("Another program than that of earlier runs: train.sh", Words(SweepProcess.Run(home, "why", "0").Output + SweepProcess.Run(home, "why", "1").Output), StringComparison.Ordinal);
        Assert.DoesNotContain("trained a second time", SweepProcess.Run(home, "why", "0").Output, StringComparison.Ordinal);
    }

    /// <summary>What is trained need not be a file of the folder, and its text is found all the same: it imports wandb.</summary>
    [PythonTheory]
    [InlineData("program: lab.train\ncommand: ['${env}', '${interpreter}', -m, '${program}', '${args}']")]
    [InlineData("command: ['${interpreter}', lab/train.py, '${args}']")]
    [InlineData("program: lab-train\ncommand: ['${program}', '${args}']\nreports: wandb")]
    public void A_module_a_command_line_and_a_command_on_the_path_are_programs_too(string program)
    {
        Directory.CreateDirectory(folder["lab"]);
        Directory.CreateDirectory(folder["bin"]);
        File.WriteAllText(folder["lab/train.py"], "import sys, wandb\nwith wandb.init() as run:\n    for epoch in range(2): run.log({'val_loss': run.config.lr / (epoch + 1), 'given': len(sys.argv)})\n");
        File.WriteAllText(folder["bin/lab-train"], $"#!/bin/sh\nexec {PythonFactAttribute.Interpreter} lab/train.py \"$@\"\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder["bin/lab-train"], UnixFileMode.UserRead | UnixFileMode.UserExecute);
        File.WriteAllText(folder["sweep.yaml"], $"{program}\nmethod: grid\nmetric: {{name: val_loss, goal: minimize}}\nparameters: {{lr: {{values: [4]}}}}\n");
        var path = string.Join(Path.PathSeparator, folder["bin"], Path.GetDirectoryName(PythonFactAttribute.Interpreter), Environment.GetEnvironmentVariable("PATH"));

        var (exit, output, errors) = SweepProcess.RunWith(new() { ["PATH"] = path, ["PYTHONDONTWRITEBYTECODE"] = "1" }, folder["home"], "run", folder["sweep.yaml"], "-o", "json");

        Assert.True(exit == (int)ExitCode.Done, output + errors);
        var best = System.Text.Json.JsonDocument.Parse(output).RootElement.GetProperty("best");
        Assert.Equal(2, best.GetProperty("metrics").GetProperty("val_loss").GetDouble());
    }

    [TorchFact]
    public void The_program_of_PyTorch_in_the_docs_is_swept_and_goes_on_from_its_checkpoints()
    {
        // A python on the path would be preferred to the python3 that has PyTorch: leave other folders out of the path.
        var path = $"{Path.GetDirectoryName(PythonFactAttribute.WithTorch)}:/usr/bin:/bin";

        var (exit, output, errors) = SweepProcess.RunWith(
            new() { ["PATH"] = path, ["PYTHONDONTWRITEBYTECODE"] = "1" }, folder["home"],
            "run", Repository("docs/examples/pytorch/sweep.yaml"), "--set", "method=random", "--set", "run_cap=3", "--slots", "2", "-o", "json");

        Assert.True(exit == (int)ExitCode.Done, output + errors);
        // The best of three runs continues from its rung at epoch 3 to 9, without training earlier epochs again.
        Assert.Equal(9 + 3 + 3, System.Text.Json.JsonDocument.Parse(output).RootElement.GetProperty("epochs").GetInt32());
        Assert.DoesNotContain("begins again", errors, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    /// <summary>A text without its line breaks.</summary>
    private static string Words(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static string Repository(string path, [System.Runtime.CompilerServices.CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../..", path));
}
