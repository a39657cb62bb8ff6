using Hypergrad.Cli.Reporting.Markup;

namespace Hypergrad.Cli.Reporting;

/// <summary>How the reversal of training went.</summary>
/// <param name="Exact">Whether every run came back to its start, to the bit.</param>
/// <param name="BitsPerWeightStep">Information stored, in bits per weight and training step.</param>
/// <param name="EntropyBitsPerWeightStep">The entropy bound: the mean of Σ log2(1/c) over weights and steps.</param>
internal sealed record ReversalFigures(bool Exact, double BitsPerWeightStep, double EntropyBitsPerWeightStep)
{
    /// <summary>The bits that every weight keeps all the time, beside those stored.</summary>
    public double ResidentBitsPerWeight { get; init; } = 16;

    /// <summary>How many trainings were reversed.</summary>
    public int Trainings { get; init; } = 1;

    /// <summary>How many states were compared on the ways back, in all of them.</summary>
    public int StatesCompared { get; init; } = 1;

    /// <summary>The memory that the way back took, in words.</summary>
    public string Memory => $"{Bits(BitsPerWeightStep)} for each weight and step, where keeping every weight would take 32, and "
        + $"{Bits(ResidentBitsPerWeight)} for each weight once";

    /// <summary>A number of bits, in words.</summary>
    public static string Bits(double bits) => Numbers.Significant(bits) is "1" ? "1 bit" : $"{Numbers.Significant(bits)} bits";
}
