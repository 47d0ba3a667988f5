using System.Globalization;
using Tests.Shared;

namespace Client.Tests.Processes;

/// <summary>
/// One sweep over programs that misbehave in different ways: each fails with one clear sentence, none outlives its run, and a correct run
/// beside them is not disturbed.
/// </summary>
public sealed class HostileProgramTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    // The unique duration of the programs' sleeps, by which the test finds processes that were left behind.
    private static readonly string Asleep = string.Create(CultureInfo.InvariantCulture, $"{80_000 + Random.Shared.Next(10_000)}.5");

    private static readonly string Script = $$$"""
        report() { echo "@sweep {\"epoch\": $1, \"val_loss\": $2${3:+, $3}}"; }
        for argument in "$@"; do case $argument in --does=*) does=${argument#--does=};; esac; done
        case $does in
          works) report 1 5; report 2 4;;
          garbage) head -c 3000000 /dev/urandom; echo; echo '@sweep {"epoch": 1, "val_lo';;
          never_ends) report 1 7; exec sleep {{{Asleep}}};;
          ignores_term) trap '' TERM; report 1 8; report 2 8; while :; do sleep {{{Asleep}}}; done;;
          escapes) setsid sleep {{{Asleep}}} & (setsid env -i sleep {{{Asleep}}} &) ; (sleep {{{Asleep}}} &) ; report 1 9; sleep 2; report 2 9;;
          dies) kill -KILL $$;;
          silent) exit 0;;
          other_metric) echo '@sweep {"epoch": 1, "accuracy": 0.5}';;
          skips) report 1 3; report 3 3; exec sleep {{{Asleep}}};;
          nan) report 1 NaN; report 2 1;;
          half_a_checkpoint)
            if [ "$SWEEP_EPOCH" = 1 ]; then [ "$(cat "$SWEEP_CHECKPOINT/state")" = whole ] || exit 9; report 2 2; exit 0; fi
            if [ "$SWEEP_GENERATION" != 1 ]; then exit 8; fi
            echo whole > "$SWEEP_CHECKPOINT/state"; report 1 2 '"checkpoint": true, "ask": true'; read answer < "$SWEEP_VERDICTS"
            printf ha > "$SWEEP_CHECKPOINT/state"; kill -KILL $$;;
          eats_memory) tail /dev/zero;;
          fills_disk) dd if=/dev/zero of="$SWEEP_OUT/big" bs=1M count=60 2>/dev/null; exec sleep {{{Asleep}}};;
          many_processes) for n in 1 2 3 4 5 6 7 8 9 10 11 12; do sleep {{{Asleep}}} & done; wait;;
          wants_terminal) stty -echo || exit 4;;
        esac
        """;

    // The program's argument, the final state of its run, and a text that `why` must print.
    private static readonly (string Does, string State, string Why)[] Expected =
    [
        ("works", "finished", "was its last"),
        ("garbage", "failed", "never reported 'val_loss'; of its report '{\"epoch\": 1, \"val_lo', it is not JSON"),
        ("never_ends", "failed", "no report for 12 s (limits.epoch)"),
        ("ignores_term", "finished", "was its last"),
        ("escapes", "finished", "was its last"),
        ("dies", "failed", "was killed (SIGKILL)"),
        ("silent", "failed", "ended with exit code 0 and never reported 'val_loss'"),
        ("other_metric", "failed", "never reported 'val_loss'; it reported accuracy"),
        ("skips", "failed", "reported epoch 3 after epoch 1: epochs are reported one by one, in order"),
        ("nan", "diverged", "val_loss is NaN"),
        ("half_a_checkpoint", "finished", "was its last"),
        ("eats_memory", "failed", "more than limits.memory (150 MB)"),
        ("fills_disk", "failed", "its files in SWEEP_OUT have"),
        ("many_processes", "failed", "more than limits.processes (8)"),
        ("wants_terminal", "failed", "Programs of a sweep have no terminal"),
    ];

    [LinuxFact]
    public void Each_fails_with_one_sentence_and_nothing_is_left_of_it()
    {
        File.WriteAllText(folder["hostile.sh"], Script);
        File.WriteAllText(folder["sweep.yaml"], $$$"""
            program: hostile.sh
            command: [sh, '${program}', '${args}']
            method: grid
            epochs: 2
            stop_grace: 1s
            limits: {epoch: 12s, memory: 150MB, processes: 8, artifacts: 10MB, log: 1MB}
            metric: {name: val_loss, goal: minimize}
            checkpoint: {epochs: 1}
            parameters: {does: {values: [{{{string.Join(", ", Expected.Select(run => run.Does))}}}]}}
            """);
        var home = folder["home"];

        var (exit, output, errors) = SweepProcess.Run(home, "run", folder["sweep.yaml"], "--slots", "8");

        Assert.True(exit == (int)ExitCode.Done, output + errors);
        Assert.Empty(Asleepers());
        var sweep = TinySweep.Only(home)!;
        Assert.Empty(Directory.EnumerateDirectories(Path.Combine(home, sweep, "work")));
        foreach (var (run, (does, state, why)) in Expected.Index())
        {
            var told = string.Join(' ', SweepProcess.Run(home, "why", $"{run}", sweep).Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            Assert.True(told.Contains(why, StringComparison.Ordinal), $"{does}: '{why}' is missing in: {told}");
            Assert.True(told.Contains(state, StringComparison.OrdinalIgnoreCase), $"{does}: it is not {state}: {told}");
        }
    }

    [LinuxFact]
    public void Of_a_gigabyte_of_output_the_end_is_kept_and_every_report_is_read()
    {
        File.WriteAllText(folder["flood.sh"], """
            echo '@sweep {"epoch": 1, "val_loss": 5}'
            yes 'a line of a program that writes and writes' | head -c 1000000000
            echo; echo '@sweep {"epoch": 2, "val_loss": 4}'
            """);
        File.WriteAllText(folder["sweep.yaml"], """
            program: flood.sh
            command: [sh, '${program}', '${args}']
            method: grid
            epochs: 2
            limits: {log: 1MB}
            metric: {name: val_loss, goal: minimize}
            parameters: {x: {values: [1]}}
            """);
        var home = folder["home"];

        var (exit, output, errors) = SweepProcess.Run(home, "run", folder["sweep.yaml"], "--slots", "1");

        Assert.True(exit == (int)ExitCode.Done, output + errors);
        var sweep = TinySweep.Only(home)!;
        Assert.Contains("was its last", SweepProcess.Run(home, "why", "0", sweep).Output, StringComparison.Ordinal);
        Assert.InRange(new DirectoryInfo(Path.Combine(home, sweep, "logs", "r000000")).EnumerateFiles().Sum(file => file.Length), 1, 1_000_000);
        Assert.Contains("@sweep {\"epoch\": 2, \"val_loss\": 4}", SweepProcess.Run(home, "logs", "0", sweep, "--tail", "3").Output, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    private static IEnumerable<string> Asleepers() => Directory.EnumerateDirectories("/proc").Where(process =>
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline")).Contains(Asleep, StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    });
}
