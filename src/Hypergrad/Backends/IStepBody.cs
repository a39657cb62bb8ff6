namespace Hypergrad.Backends;

/// <summary>
/// What is done at a step, made by <see cref="ISession.NewBody"/> to be run over several ranges of steps. On a device it is recorded
/// once, and then replayed.
/// </summary>
public interface IStepBody : IDisposable;
