using Hypergrad.Wording;

namespace Hypergrad;

/// <summary>
/// What every error of this library that a caller can mend derives from. The message names the thing and the remedy; it is one line of
/// visible characters and of bounded length, whatever the input that it speaks of.
/// </summary>
public abstract class HypergradException : Exception
{
    private protected HypergradException(string message, Exception? inner = null) : base(Quoted.Message(message), inner) { }
}

/// <summary>
/// Data that cannot be read or does not fit: a truncated file, labels that do not match the images, a value that is not a number.
/// </summary>
public sealed class DataException(string message, Exception? inner = null) : HypergradException(message, inner);

/// <summary>
/// A description of a run, a model or a hyperparameter that makes no sense: a layer of size 0, a momentum outside (0, 1].
/// </summary>
public sealed class ConfigurationException(string message, Exception? inner = null) : HypergradException(message, inner);
