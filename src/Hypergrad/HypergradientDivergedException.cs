using Hypergrad.Backends;
using Hypergrad.Hyperparameters;

namespace Hypergrad;

/// <summary>
/// A hypergradient that is not finite though training is: small changes grow along the training beyond the numbers that the adjoint is
/// computed with.
/// </summary>
/// <param name="step">The training step by which, on the way back from the last one, the adjoint was not finite.</param>
/// <param name="parts">Those of the parts asked for that are not finite; none where it shows in the adjoint alone.</param>
/// <param name="precision">What it was computed in.</param>
public sealed class HypergradientDivergedException(int step, RawParts parts, Precision precision) : DivergedException(
    $"The hypergradient diverged by step {step} on the way back: {Named(parts)} not finite. Small changes of the run grow along it beyond "
        + (precision == Precision.Single
            ? "single precision: compute in double precision, lower the learning rate, or train fewer steps."
            : "double precision: lower the learning rate, or train fewer steps."))
{
    /// <summary>The training step by which, on the way back from the last one, the adjoint was not finite.</summary>
    public int Step { get; } = step;

    /// <summary>Those of the parts asked for that are not finite; none where it shows in the adjoint alone.</summary>
    public RawParts Parts { get; } = parts;

    private static string Named(RawParts parts)
    {
        string[] names = [.. Enum.GetValues<RawParts>().Where(part => int.PopCount((int)part) == 1 && parts.HasFlag(part)).Select(Words)];
        return names.Length == 0 ? "the adjoint is" : $"{string.Join(", ", names)} {(names.Length == 1 ? "is" : "are")}";
    }

    // "LearningRate" is a learning rate; "L2" stays as it is.
    private static string Words(RawParts part) => string.Concat(part.ToString().Select((letter, i) => letter switch
    {
        'L' when part is RawParts.L2 or RawParts.L1 => "L",
        _ when char.IsUpper(letter) => (i == 0 ? "" : " ") + char.ToLowerInvariant(letter),
        _ => letter.ToString(),
    }));
}
