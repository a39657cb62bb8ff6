using Hypergrad.Cli;

namespace Hypergrad.Tests.Cli;

/// <summary>hypergrad completion: each script in its own shell, with the command by its name, as a user has it.</summary>
[TestFixture]
public sealed class CompletionTests
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder()
    {
        folder = new TemporaryFolder();
        folder.Write("only.csv", "");
        folder.Write("hypergrad", "#!/bin/bash\nexec ${HYPERGRAD_COMMAND} \"$@\"\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder.File("hypergrad"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [TestCase("hypergrad tu", "tune")]
    [TestCase("hypergrad tune --meta-s", "--meta-step-decay --meta-step-size --meta-steps")]
    [TestCase("hypergrad tune --meta-optimizer ad", "adam")]
    [TestCase("hypergrad completion ba", "bash")]
    [Platform("Linux")]
    public void Bash_Completes(string line, string expected) => Assert.That(
        Lines("bash", Script("bash") + $$"""

            COMP_LINE='{{line}}'; COMP_POINT=${#COMP_LINE}; COMP_WORDS=($COMP_LINE); COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _hypergrad
            echo "${COMPREPLY[*]}"
            """),
        Is.EqualTo(new[] { expected }));

    // zsh completes in a terminal alone: this one types a line, presses the tabulator, and has what stands there then written to a file.
    [Test, Platform("Linux")]
    public void Zsh_Completes()
    {
        string zsh = RequiredProgram.Find("zsh");
        string script = folder.Write("completion.zsh", Script("zsh"));
        string[] typed = ["hypergrad tu", "hypergrad tune --meta-s", "hypergrad tune --meta-optimizer ad", $"hypergrad tune --data {folder.Path}/onl"];
        string start = $$"""
            autoload -Uz compinit; compinit -u -d {{folder.File("dump")}}; source {{script}}
            show() { print -r -- "$BUFFER" >>{{folder.File("shown")}}; BUFFER= }
            zle -N show; bindkey '^I' complete-word; bindkey '^T' show; setopt no_beep
            print ready >{{folder.File("ready")}}
            """.ReplaceLineEndings("; ");
        Lines(zsh + " -f", $$"""
            zmodload zsh/zpty
            zpty -b shell {{zsh}} -f -i
            await() { repeat 600 { zpty -r -t shell ignored; eval "$1" && return; sleep 0.1 }; return 1 }
            zpty -w shell {{Quoted(start)}}
            await '[[ -e {{folder.File("ready")}} ]]' || exit 1
            {{string.Concat(typed.Select(line => $"zpty -n -w shell $'{line}\\t\\C-t'\n"))}}
            touch {{folder.File("shown")}}
            await '(( $(wc -l <{{folder.File("shown")}}) == {{typed.Length}} ))'
            """);
        Assert.That(File.ReadAllLines(folder.File("shown")).Select(line => line.TrimEnd()), Is.EqualTo(new[]
        {
            "hypergrad tune", "hypergrad tune --meta-step", "hypergrad tune --meta-optimizer adam", $"hypergrad tune --data {folder.Path}/only.csv",
        }));
    }

    [Test, Platform("Linux")]
    public void Fish_Completes() => Assert.That(
        Lines(RequiredProgram.Find("fish"), Script("fish") + $$"""

            for line in 'hypergrad tu' 'hypergrad tune --meta-s' 'hypergrad tune --meta-optimizer ad' 'hypergrad tune --data {{folder.Path}}/onl'
                echo (complete -C $line | sort)
            end
            """),
        Is.EqualTo(new[] { "tune", "--meta-step-decay --meta-steps --meta-step-size", "adam", $"{folder.Path}/only.csv" }).Or.EqualTo(
            new[] { "tune", "--meta-step-decay --meta-step-size --meta-steps", "adam", $"{folder.Path}/only.csv" }));

    [Test, Platform("Linux")]
    public void PowerShell_Completes() => Assert.That(
        Lines(RequiredProgram.Find("pwsh") + " -NoProfile -File", Script("pwsh") + $$"""

            foreach ($line in 'hypergrad tu', 'hypergrad tune --meta-s', 'hypergrad tune --meta-optimizer ad', 'hypergrad tune --data {{folder.Path}}/onl') {
                ([System.Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null)).CompletionMatches.CompletionText -join ' '
            }
            """),
        Is.EqualTo(new[] { "tune", "--meta-step-decay --meta-step-size --meta-steps", "adam", $"{folder.Path}/only.csv" }));

    [Test]
    public void OtherShells_AreRefused() =>
        CommandLine.Refuse(ExitCode.Usage, "completion: there is no \"tcsh\"", "completion", "tcsh");

    private static string Script(string shell) => CommandLine.Run("completion", shell).Output;

    private static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>The lines that a script writes, which must end well and complain of nothing.</summary>
    private string[] Lines(string shell, string script)
    {
        string path = folder.Write("script.ps1", script);
        using var process = RunningCommand.Shell(
            $"export HYPERGRAD_COMMAND=\"$(echo {{command}})\" HOME={folder.Path} POWERSHELL_TELEMETRY_OPTOUT=1; PATH={folder.Path}:$PATH; exec {shell} {path}");
        var (code, output, error) = RunningCommand.Finish(process);
        Assert.That((code, error), Is.EqualTo((0, "")), output);
        return output.TrimEnd('\n').Split('\n');
    }
}
