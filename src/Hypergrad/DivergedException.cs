namespace Hypergrad;

/// <summary>
/// Training, or the way back through it, diverged. The run as it is has no hypergradient; the message names a remedy.
/// </summary>
public abstract class DivergedException : HypergradException
{
    private protected DivergedException(string message, Exception? inner = null) : base(message, inner) { }
}
