using Hypergrad.Hyperparameters;

namespace Hypergrad.Hypergradients;

/// <summary>How far an approximate hypergradient is from the exact one.</summary>
/// <param name="Quantity">The raw quantity.</param>
/// <param name="Cosine">
/// The cosine of the angle between the two: 1 for the same direction, 0 for none in common. NaN if either is 0.
/// </param>
/// <param name="RelativeError">‖approximate − exact‖ / ‖exact‖.</param>
public sealed record GradientAccuracy(Quantity Quantity, double Cosine, double RelativeError)
{
    /// <summary>Compares two arrays.</summary>
    public static GradientAccuracy Of(Quantity quantity, ReadOnlySpan<double> approximate, ReadOnlySpan<double> exact)
    {
        double product = 0, approximateSquare = 0, exactSquare = 0, differenceSquare = 0;
        for (int i = 0; i < exact.Length; i++)
        {
            product += approximate[i] * exact[i];
            approximateSquare += approximate[i] * approximate[i];
            exactSquare += exact[i] * exact[i];
            differenceSquare += (approximate[i] - exact[i]) * (approximate[i] - exact[i]);
        }
        return new(quantity, product / Math.Sqrt(approximateSquare * exactSquare), Math.Sqrt(differenceSquare / exactSquare));
    }
}
