namespace Hypergrad.Planning;

/// <summary>A kind of work, how much of it one training step is, and what it takes on this machine.</summary>
/// <param name="Name">What it is: "a step of training".</param>
/// <param name="Work">How much it is.</param>
/// <param name="Seconds">The shortest time measured.</param>
public sealed record KindOfWork(string Name, WorkCount Work, double Seconds);
