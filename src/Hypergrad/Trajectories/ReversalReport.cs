namespace Hypergrad.Trajectories;

/// <summary>What an exact reversal showed.</summary>
/// <param name="Exact">Whether X, V and the digit store came back to the start to the bit, and every hash on the way was met.</param>
/// <param name="BitsPerWeightStep">Bits spilled per weight and step, beside the 16 resident bits of each weight.</param>
/// <param name="EntropyBitsPerWeightStep">
/// The mean of log2(1/γ) over weights and steps: what momentum throws away, and no scheme can do without.
/// </param>
public sealed record ReversalReport(bool Exact, double BitsPerWeightStep, double EntropyBitsPerWeightStep)
{
    /// <summary>The bits of the digit store that every weight has all the time, beside those that are spilled.</summary>
    public const int ResidentBitsPerWeight = 16;
}
