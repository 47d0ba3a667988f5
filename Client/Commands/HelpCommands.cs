using System.CommandLine;
using Client.Output;
using Engine;
using Sweeps;

namespace Client.Commands;

/// <summary><c>sweep help</c></summary>
public sealed class HelpCommand : SweepCommand
{
    private readonly Argument<string[]> command = new("command") { Description = "The command. Default: all.", Arity = ArgumentArity.ZeroOrMore };

    public HelpCommand() : base("help", "What a command does, its arguments and options.", SourceKinds.None) => Arguments.Add(command);

    /// <inheritdoc/>
    protected override async Task<ExitCode> RunAsync(ParseResult parse, CommandContext context, CancellationToken cancel)
    {
        var help = CommandLine.Build().Parse([.. parse.GetValue(command)!, "--help"]);
        if (ParseMistakes.Of(help) is { } mistake)
            throw new UsageException(mistake);
        using var text = new StringWriter();
        await help.InvokeAsync(new InvocationConfiguration { Output = text }, cancel);
        if (context.Terminal.Json)
            context.Terminal.Answer(text.ToString().TrimEnd(), _ => { });
        else
            context.Terminal.WriteData(text.ToString().TrimEnd());
        return ExitCode.Done;
    }
}

/// <summary><c>sweep version</c></summary>
public sealed class VersionCommand() : SweepCommand("version", "The version of this program.", SourceKinds.None)
{
    /// <inheritdoc/>
    protected override Task<ExitCode> RunAsync(ParseResult parse, CommandContext context, CancellationToken cancel)
    {
        context.Terminal.Answer(Product.Version, json => json.WriteString("version", Product.Version));
        return Task.FromResult(ExitCode.Done);
    }
}

/// <summary><c>sweep completion</c></summary>
public sealed class CompletionCommand : SweepCommand
{
    private static readonly Dictionary<string, string> Scripts = new()
    {
        ["bash"] = """
            # Completion of sweep in bash. Once: eval "$(sweep completion bash)"; for all shells add that line to ~/.bashrc.
            _sweep() {
              local word=${COMP_WORDS[COMP_CWORD]} line=${COMP_LINE#* } skipped
              skipped=$(( ${#COMP_LINE} - ${#line} ))
              COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" "[suggest:$(( COMP_POINT - skipped ))]" "$line" 2>/dev/null)" -- "$word"))
            }
            complete -o default -F _sweep sweep ./sweep
            """,
        ["zsh"] = """
            # Completion of sweep in zsh. Once: eval "$(sweep completion zsh)"; for all shells add that line to ~/.zshrc, after compinit.
            _sweep() {
              local line=${BUFFER#* }
              local -a found=("${(@f)$("${words[1]}" "[suggest:$(( CURSOR - (${#BUFFER} - ${#line}) ))]" "$line" 2>/dev/null)}")
              compadd -- $found || _files
            }
            compdef _sweep sweep ./sweep
            """,
        ["fish"] = """
            # Completion of sweep in fish. Once: sweep completion fish | source; for all shells write it to ~/.config/fish/completions/sweep.fish.
            function __sweep_complete
                set -l typed (commandline -cp)
                set -l line (string replace -r '^\s*\S+\s' '' -- $typed)
                set -l program (string split -n ' ' -- $typed)[1]
                $program "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
            end
            complete -c sweep -a '(__sweep_complete)'
            """,
        ["powershell"] = """
            # Completion of sweep in PowerShell. Once: sweep completion powershell | Out-String | Invoke-Expression; for all shells add that line to $PROFILE.
            Register-ArgumentCompleter -Native -CommandName sweep -ScriptBlock {
                param($word, $ast, $cursor)
                # The line behind the program's name. PowerShell counts the cursor from the beginning of all input, and leaves out spaces at the end.
                $begin = $ast.CommandElements[0].Extent.EndOffset + 1
                $at = $cursor - $begin
                $line = $ast.ToString().PadRight($cursor - $ast.Extent.StartOffset).Substring($begin - $ast.Extent.StartOffset)
                & $ast.GetCommandName() "[suggest:$at]" "$line" 2>$null |
                    Where-Object { $_ -like "$word*" } |
                    ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
            }
            """,
    };

    private readonly Argument<string> shell = new("shell") { HelpName = "shell", Description = $"One of {string.Join(", ", Scripts.Keys)}." };

    public CompletionCommand() : base("completion", "The script with which a shell completes commands, options and sweeps.", SourceKinds.None)
    {
        shell.CompletionSources.Add([.. Scripts.Keys]);
        Arguments.Add(shell);
    }

    /// <inheritdoc/>
    protected override Task<ExitCode> RunAsync(ParseResult parse, CommandContext context, CancellationToken cancel)
    {
        var name = parse.GetValue(shell)!;
        if (!Scripts.TryGetValue(name, out var script))
            throw new UsageException($"There is no script for '{name}'. {DidYouMean.Hint(name, Scripts.Keys)}");
        if (context.Terminal.Json)
            context.Terminal.Answer(script, json => json.WriteString("shell", name));
        else
            context.Terminal.WriteData(script);
        return Task.FromResult(ExitCode.Done);
    }
}
