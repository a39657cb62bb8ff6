namespace Hypergrad.Networks;

/// <summary>What an operation of a program reads or writes: an array [batch, …shape].</summary>
/// <param name="Index">Its number; 0 is the input of the network. Values of one number are one array, seen in different shapes.</param>
/// <param name="Shape">The shape of one example.</param>
public sealed record Value(int Index, Shape Shape);
