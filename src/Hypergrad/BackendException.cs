namespace Hypergrad;

/// <summary>
/// A backend that cannot go on: its memory is full, its device or library failed. The message says which, and the remedy where there is
/// one.
/// </summary>
public sealed class BackendException(string message, Exception? inner = null) : HypergradException(message, inner);
