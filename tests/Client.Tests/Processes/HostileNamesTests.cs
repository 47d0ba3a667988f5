using Tests.Shared;

namespace Client.Tests.Processes;

/// <summary>Names, values, metrics, notes, files and output with characters that move the cursor, change the terminal or turn the text around.</summary>
public sealed class HostileNamesTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [UnixFact]
    public void Every_command_shows_them_escaped()
    {
        File.WriteAllText(folder["hostile.sh"], """
            printf '%s\n' '@sweep {"epoch": 1, "lo\u001b[5mss": 2, "other\u202e": 1}'
            printf '\033[2Jcleared \033]0;title\007\n'
            : > "$SWEEP_OUT/$(printf 'file\033[31m')"
            """);
        File.WriteAllText(folder["sweep.yaml"], """
            name: hostile
            description: "de\e[2Jscription"
            program: hostile.sh
            command: [sh, '${program}']
            method: grid
            epochs: 1
            metric: {name: "lo\e[5mss", goal: minimize}
            parameters:
              parameter: {values: ["va\e[31mlue", "\u202eeulav", "🎉<b>"]}
              name_of_a_parameter_that_goes_on_and_on_and_on_and_on_and_on_and_on_and_on_and_on: {values: [1, 2]}
            """);
        Shown("check", folder["sweep.yaml"]);
        Shown("run", folder["sweep.yaml"], "--slots", "2");
        Shown("note", "it \u001b[31mdiverges\u202e", "hostile", "--run", "0", "--why", "\u001b]0;why\u0007");

        Assert.Contains("\\u001b[31m", Shown("top", "hostile"), StringComparison.Ordinal);
        Assert.Contains("\\u202eeulav", Shown("compare", "0", "1", "2", "hostile"), StringComparison.Ordinal);
        Assert.Contains("\\u001b[2Jcleared", Shown("logs", "0", "hostile"), StringComparison.Ordinal);
        Assert.Contains("file\\u001b[31m", Shown("artifacts", "0", "hostile"), StringComparison.Ordinal);
        Assert.Contains("diverges\\u202e", Shown("tail", "hostile"), StringComparison.Ordinal);
        foreach (var command in (string[])["list", "show", "show --run 0", "show --file", "best", "why 0", "importance", "curves", "whatif --early-terminate median"])
            Shown([.. command.Split(' ')]);
    }

    public void Dispose() => folder.Dispose();

    /// <summary>Runs a command, and returns what it writes, which has no character that a terminal acts on.</summary>
    private string Shown(params string[] command)
    {
        var (exit, output, errors) = SweepProcess.Run(folder["home"], command);
        Assert.True(exit == (int)ExitCode.Done, errors);
        Assert.DoesNotContain(output + errors, letter => letter is '\u202e' || (char.IsControl(letter) && letter != '\n'));
        return output;
    }
}
