using Spectre.Console;

namespace Hypergrad.Cli.Output;

/// <summary>
/// A console on any writer: colours and live lines where a person looks, plain text elsewhere. Where the environment has NO_COLOR, nothing
/// is coloured (no-color.org).
/// </summary>
internal static class Terminal
{
    public static IAnsiConsole On(TextWriter output)
    {
        if (output is not CommandOutput { IsTerminal: true } terminal)
            return Plain(output);
        var screen = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
            ? AnsiConsole.Console
            : AnsiConsole.Create(new AnsiConsoleSettings { ColorSystem = ColorSystemSupport.NoColors });
        return terminal.Log is null ? screen : new TeeConsole(screen, Plain(terminal.Log));
    }

    /// <summary>The console on which something is drawn again and again while it is looked at: that of the screen alone.</summary>
    public static IAnsiConsole Live(IAnsiConsole console) => console is TeeConsole tee ? tee.Screen : console;

    private static IAnsiConsole Plain(TextWriter output)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(output),
        });
        console.Profile.Width = 160;
        return console;
    }
}
