using System.CommandLine;
using Hypergrad.Cli.Options;
using Hypergrad.Cli.Output;

namespace Hypergrad.Cli.Commands;

/// <summary><c>hypergrad completion bash</c>: a script by which a shell completes the command's words.</summary>
internal static class CompletionCommand
{
    // Each shell asks the command itself, which knows its commands, options and their values:
    // hypergrad "[suggest:17]" "tune --hidden 5 --"
    private const string Bash = """
        # hypergrad for bash. Add to ~/.bashrc:  eval "$(hypergrad completion bash)"
        _hypergrad() {
            local line="${COMP_LINE:0:COMP_POINT}" word="${COMP_WORDS[COMP_CWORD]}" IFS=$'\n'
            line="${line#"${COMP_WORDS[0]}"}"
            line="${line#"${line%%[![:space:]]*}"}"
            COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" "[suggest:${#line}]" "$line" 2>/dev/null)" -- "$word"))
        }
        complete -o default -F _hypergrad hypergrad
        """;

    private const string Zsh = """
        # hypergrad for zsh. Add to ~/.zshrc, behind compinit:  eval "$(hypergrad completion zsh)"
        _hypergrad() {
            local line="${(j: :)words[2,CURRENT]}"
            local -a candidates=("${(@f)$("${words[1]}" "[suggest:${#line}]" "$line" 2>/dev/null)}")
            [[ -n "${candidates[1]}" ]] && compadd -- $candidates || _files
        }
        compdef _hypergrad hypergrad
        """;

    private const string Fish = """
        # hypergrad for fish. Run once:  hypergrad completion fish > ~/.config/fish/completions/hypergrad.fish
        # Files are offered where the command has no word to offer.
        function __hypergrad_ask
            set -l line (commandline -cp | string replace -r '^\s*\S+\s*' '')
            set -g __hypergrad_words (hypergrad "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null | string match -r '.+')
            set -q __hypergrad_words[1]
        end
        complete -c hypergrad -n __hypergrad_ask -f -a '$__hypergrad_words'
        """;

    private const string PowerShell = """
        # hypergrad for PowerShell. Add to $PROFILE:  hypergrad completion pwsh | Out-String | Invoke-Expression
        Register-ArgumentCompleter -Native -CommandName hypergrad -ScriptBlock {
            param($word, $tree, $place)
            $line = $tree.ToString().PadRight($place).Substring(0, $place) -replace '^\s*\S+\s*', ''
            hypergrad "[suggest:$($line.Length)]" "$line" 2>$null | Where-Object { $_ -like "$word*" } |
                ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
        }
        """;

    private static readonly Dictionary<string, string> Scripts = new()
    {
        ["bash"] = Bash,
        ["zsh"] = Zsh,
        ["fish"] = Fish,
        ["pwsh"] = PowerShell,
    };

    public static Command Create(CommandOutput output)
    {
        var shell = new Argument<string>("shell") { Description = string.Join(", ", Scripts.Keys) };
        shell.CompletionSources.Add([.. Scripts.Keys]);
        var command = new Command("completion", "Write a script by which a shell completes commands, options and their values.") { shell };
        command.SetAction(parsed =>
        {
            string script = Choice.Of("completion", parsed.GetValue(shell)!, Scripts);
            if (output.WantsJson)
                throw new UsageException("--json: completion writes a script; leave --json out.");
            output.Data.WriteLine(script);
            return ExitCode.Success;
        });
        return command;
    }
}
