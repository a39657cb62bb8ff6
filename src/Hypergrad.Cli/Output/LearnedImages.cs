using Hypergrad.Cli.Reporting;
using Hypergrad.Data;
using Hypergrad.Hyperparameters;
using Hypergrad.MetaOptimization;
using Hypergrad.Networks;
using Hypergrad.Runs;

namespace Hypergrad.Cli.Output;

/// <summary>What was learned of pixels, as pictures: hyperparameters, and the filters of a convolution that sees the image.</summary>
internal static class LearnedImages
{
    private const int MostPictures = 50;

    /// <summary>Whether a hyperparameter is drawn as pictures.</summary>
    public static bool Draws(TunedHyperparameter tuned, TrainingRun run) => run.Training.ImageWidth is not null
        && (tuned.Hyperparameter is TrainingInputs && run.Training.ImageChannels is 1 or 3
            || run.Training.ImageChannels == 1 && tuned.Hyperparameter is Penalty { Sharing: Sharing.Input or Sharing.Weight }
            && run.Network.Tensors[0].Rows == run.Network.InputSize);

    public static IEnumerable<ImageGroup> Of(TuningResult result, TuningFacts facts)
    {
        if (Filters(result) is { } filters)
            yield return filters;
        foreach (var (before, after) in ReportBuilder.Changes(result))
        {
            if (!Draws(before, result.Start))
                continue;
            var training = result.Start.Training;
            yield return before.Hyperparameter is TrainingInputs inputs
                ? Inputs(inputs, before.Values, after.Values, training, facts.Normalization)
                : Penalties(before, after, result.Start.Network.Tensors[0].Columns, training);
        }
    }

    // Of the weights that training ends with: a picture for each output channel and input channel of the first layer.
    private static ImageGroup? Filters(TuningResult result)
    {
        var network = result.Learned.Network;
        var tensor = network.Tensors[0];
        if (tensor.Kernel is not { } kernel || network.Layers[0] is not Convolution || kernel is (1, 1))
            return null;
        int channels = network.Input.Shape.Last;
        double[] weights = result.LearnedWeights[0];
        double[] Filter(int channel, int unit) => [.. Enumerable.Range(0, kernel.Height * kernel.Width)
            .Select(pixel => weights[tensor.Offset + (pixel * channels + channel) * tensor.Columns + unit])];
        var images = Enumerable.Range(0, tensor.Columns).SelectMany(unit => Enumerable.Range(0, channels).Select(channel => new ReportImage(
            channels == 1 ? $"channel {unit + 1}" : $"channel {unit + 1} of input {channel + 1}", kernel.Width, kernel.Height,
            Filter(channel, unit))));
        return new("Filters of the first convolution, as trained with the learned hyperparameters", "weight", ImagePalette.Diverging,
            [.. images.Take(MostPictures)]);
    }

    private static ImageGroup Inputs(
        TrainingInputs inputs, double[] before, double[] after, Dataset training, Normalization normalization)
    {
        int size = training.InputSize, channels = training.ImageChannels;
        double[] Picture(double[] values, int i) => normalization.Invert(new Table(values[(i * size)..((i + 1) * size)], size)).ToArray();
        return new("Learned training images", "pixel value", channels == 3 ? ImagePalette.Colours : ImagePalette.Grayscale,
            [.. Enumerable.Range(0, Math.Min(MostPictures, after.Length / size)).Select(i => new ReportImage(
                ExampleNames.Of(training, inputs.Examples?[i] ?? i), training.ImageWidth!.Value, training.ImageHeight!.Value,
                Picture(after, i), Picture(before, i), channels))]);
    }

    // Per input: the first values are the pixels'. Per weight: those of W1, a picture for each unit of the first layer.
    private static ImageGroup Penalties(TunedHyperparameter before, TunedHyperparameter after, int units, Dataset training)
    {
        int width = training.ImageWidth!.Value, height = training.ImageHeight!.Value, pixels = width * height;
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
