using Hypergrad.Cli.Reporting;
using Hypergrad.Data;
using Hypergrad.Hyperparameters;
using Hypergrad.MetaOptimization;
using Hypergrad.Runs;

namespace Hypergrad.Cli.Output;

/// <summary>The learned hyperparameters that belong to pixels, as pictures.</summary>
internal static class LearnedImages
{
    private const int MostPictures = 50;

    /// <summary>Whether a hyperparameter is drawn as pictures.</summary>
    public static bool Draws(TunedHyperparameter tuned, TrainingRun run) => run.Training.ImageWidth is not null && tuned.Hyperparameter is
        TrainingInputs or Penalty { Sharing: Sharing.Input or Sharing.Weight };

    public static IEnumerable<ImageGroup> Of(TuningResult result, TuningFacts facts)
    {
        foreach (var (before, after) in ReportBuilder.Changes(result))
        {
            if (!Draws(before, result.Start))
                continue;
            int width = result.Start.Training.ImageWidth!.Value, height = result.Start.Training.ImageHeight!.Value;
            yield return before.Hyperparameter is TrainingInputs inputs
                ? Inputs(inputs, before.Values, after.Values, width, height, facts.Normalization)
                : Penalties(before, after, result.Start.Model.Layers[1], width, height);
        }
    }

    private static ImageGroup Inputs(
        TrainingInputs inputs, double[] before, double[] after, int width, int height, Normalization normalization)
    {
        int size = width * height;
        double[] Picture(double[] values, int i) => normalization.Invert(new Table(values[(i * size)..((i + 1) * size)], size)).ToArray();
        return new("Learned training images", "pixel value", ImagePalette.Grayscale,
            [.. Enumerable.Range(0, Math.Min(MostPictures, after.Length / size)).Select(i =>
            new ReportImage($"example {inputs.Examples?[i] ?? i}", width, height, Picture(after, i), Picture(before, i)))]);
    }

    // Per input: the first values are the pixels'. Per weight: those of W1, a picture for each unit of the first layer.
    private static ImageGroup Penalties(TunedHyperparameter before, TunedHyperparameter after, int units, int width, int height)
    {
        int pixels = width * height;
        bool perWeight = ((Penalty)after.Hyperparameter).Sharing == Sharing.Weight;
        double[] Unit(int unit) => [.. Enumerable.Range(0, pixels).Select(pixel => after.Values[pixel * units + unit])];
        ReportImage[] images = perWeight
            ? [.. Enumerable.Range(0, Math.Min(MostPictures, units))
                .Select(unit => new ReportImage($"into unit {unit + 1}", width, height, Unit(unit)))]
            : [new ReportImage("first layer", width, height, after.Values[..pixels])];
        return new($"{after.Name} of each pixel", after.Name, ImagePalette.Diverging, images)
        {
            Logarithmic = true,
            Centre = before.Values[0],
        };
    }
}
