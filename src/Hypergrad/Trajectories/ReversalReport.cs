namespace Hypergrad.Trajectories;

/// <summary>What an exact reversal compared with the way out, and what it stored.</summary>
/// <param name="LandmarksSet">How many steps had the hash of their positions and velocities taken on the way out.</param>
/// <param name="LandmarksMet">How many of those hashes were compared on the way back, and were equal.</param>
/// <param name="StartMet">Whether X, V and the digit store were compared with the start at the end of the way back, and were equal.</param>
/// <param name="BitsPerWeightStep">Bits spilled per weight and step, beside the 16 resident bits of each weight.</param>
/// <param name="EntropyBitsPerWeightStep">
/// The mean of log2(1/γ) over weights and steps: what momentum throws away, and no scheme can do without.
/// </param>
public sealed record ReversalReport(
    int LandmarksSet, int LandmarksMet, bool StartMet, double BitsPerWeightStep, double EntropyBitsPerWeightStep)
{
    /// <summary>
    /// Whether the state came back over every landmark and to the start, to the bit. It is not before all of it was compared.
    /// </summary>
    public bool Exact => StartMet && LandmarksSet > 0 && LandmarksMet == LandmarksSet;

    /// <summary>The bits of the digit store that every weight has all the time, beside those that are spilled.</summary>
    public const int ResidentBitsPerWeight = 16;
}
