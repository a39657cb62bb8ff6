namespace Hypergrad.Trajectories;

/// <summary>What an exact reversal showed.</summary>
/// <param name="Exact">Whether the whole state came back to the start to the bit, and every hash on the way was met.</param>
/// <param name="BitsPerWeightStep">Bits spilled per weight and step.</param>
/// <param name="ResidentBitsPerWeight">Bits of the information stores of a weight, which stay in place beside those spilled.</param>
/// <param name="EntropyBitsPerWeightStep">
/// The mean of Σ log2(1/c) over weights and steps: what the decays throw away, and no scheme can do without.
/// </param>
public sealed record ReversalReport(
    bool Exact, double BitsPerWeightStep, double ResidentBitsPerWeight, double EntropyBitsPerWeightStep);
