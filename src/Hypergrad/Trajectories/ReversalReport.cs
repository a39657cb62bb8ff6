namespace Hypergrad.Trajectories;

/// <summary>What an exact reversal compared with the way out, and what it stored.</summary>
/// <param name="LandmarksSet">How many steps had the hash of their state taken on the way out.</param>
/// <param name="LandmarksMet">How many of those hashes were compared on the way back, and were equal.</param>
/// <param name="StartMet">Whether the whole state was compared with the start at the end of the way back, and was equal.</param>
/// <param name="BitsPerWeightStep">Bits spilled per weight and step, beside the resident bits of each weight.</param>
/// <param name="ResidentBitsPerWeight">Bits of the information stores of a weight, which stay in place beside those spilled.</param>
/// <param name="EntropyBitsPerWeightStep">
/// The mean of Σ log2(1/c) over weights and steps: what the decays throw away, and no scheme can do without.
/// </param>
public sealed record ReversalReport(
    int LandmarksSet, int LandmarksMet, bool StartMet, double BitsPerWeightStep, double ResidentBitsPerWeight,
    double EntropyBitsPerWeightStep)
{
    /// <summary>
    /// Whether the state came back over every landmark and to the start, to the bit. It is not before all of it was compared.
    /// </summary>
    public bool Exact => StartMet && LandmarksSet > 0 && LandmarksMet == LandmarksSet;
}
