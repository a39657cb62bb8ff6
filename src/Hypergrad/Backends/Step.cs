namespace Hypergrad.Backends;

/// <summary>
/// A training step inside the body of <see cref="ISession.ForEachStep"/>. A body hands it to the session's primitives and never looks at
/// its number: a session that records a body once and replays it reads the number on its own side.
/// </summary>
/// <param name="Number">t, from 0.</param>
public readonly record struct Step(int Number);
