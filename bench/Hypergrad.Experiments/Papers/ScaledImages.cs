using Hypergrad.Data;

namespace Hypergrad.Experiments.Papers;

/// <summary>Images to train, to guide and to judge.</summary>
internal sealed record ImageSplit(Dataset Train, Dataset Validation, Dataset Test)
{
    /// <summary>The same, every pixel multiplied by a factor.</summary>
    public ImageSplit Times(double factor) =>
        new(ScaledImages.Times(Train, factor), ScaledImages.Times(Validation, factor), ScaledImages.Times(Test, factor));
}

/// <summary>Images brought to a mean square of 1 over all pixels, which is what the rule 1/√fan-in assumes of a layer's inputs.</summary>
internal static class ScaledImages
{
    /// <summary>The mean square of all pixels.</summary>
    public static double MeanSquare(Dataset images) => Pixels(images).Average(pixel => pixel * pixel);

    /// <summary>The images, every pixel multiplied by a factor.</summary>
    public static Dataset Times(Dataset images, double factor) =>
        new(new Table([.. Pixels(images).Select(pixel => (float)(factor * pixel))], images.InputSize, "input"), images.Targets);

    private static IEnumerable<double> Pixels(Dataset images)
    {
        for (int example = 0; example < images.Count; example++)
            for (int pixel = 0; pixel < images.InputSize; pixel++)
                yield return images.Inputs[example, pixel];
    }
}
