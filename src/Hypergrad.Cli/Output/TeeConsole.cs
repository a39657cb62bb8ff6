using Spectre.Console;
using Spectre.Console.Rendering;

namespace Hypergrad.Cli.Output;

/// <summary>A console whose messages also go to another.</summary>
internal sealed class TeeConsole(IAnsiConsole screen, IAnsiConsole log) : IAnsiConsole
{
    /// <summary>The console on the screen.</summary>
    public IAnsiConsole Screen => screen;

    /// <summary>The other one.</summary>
    public IAnsiConsole Log => log;

    public Profile Profile => screen.Profile;

    public IAnsiConsoleCursor Cursor => screen.Cursor;

    public IAnsiConsoleInput Input => screen.Input;

    public IExclusivityMode ExclusivityMode => screen.ExclusivityMode;

    public RenderPipeline Pipeline => screen.Pipeline;

    public void Clear(bool home) => screen.Clear(home);

    public void Write(IRenderable renderable)
    {
        screen.Write(renderable);
        log.Write(renderable);
    }
}
