namespace Hypergrad;

/// <summary>A run or data that this machine has too little memory for, refused before it is set aside. The message has the estimate and the
/// remedy.</summary>
public sealed class MemoryException(string message, Exception? inner = null) : HypergradException(message, inner);
