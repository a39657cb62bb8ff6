using System.Runtime.InteropServices;

namespace Hypergrad.Cli;

/// <summary>
/// Ctrl-C, the end of the terminal and a request to terminate, from the first moment on: the command is asked to stop, and where it does
/// not within a moment, or is interrupted again, it is ended. What is on disk is whole at every moment.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource source = new();
    private readonly Timer ending;
    private readonly PosixSignalRegistration[] registrations;
    private readonly TextWriter error;

    /// <summary>Listens until disposed. Signals that the process was started to ignore, as by nohup, stay ignored.</summary>
    /// <param name="error">Where it is said.</param>
    public Interruption(TextWriter error)
    {
        this.error = error;
        ending = new(_ => End());
        registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }
            .Select(signal => PosixSignalRegistration.Create(signal, Hear))];
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => source.Token;

    public void Dispose()
    {
        foreach (var registration in registrations)
            registration.Dispose();
        ending.Dispose();
        source.Dispose();
    }

    private void Hear(PosixSignalContext context)
    {
        context.Cancel = true;
        if (source.IsCancellationRequested)
            End();
        ending.Change(Grace, Timeout.InfiniteTimeSpan);
        source.Cancel();
    }

    private void End()
    {
        error.WriteLine("hypergrad: interrupted.");
        Environment.Exit(ExitCode.Interrupted);
    }
}
