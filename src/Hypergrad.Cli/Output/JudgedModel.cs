using System.Globalization;
using Hypergrad.Cli.Reporting;
using Hypergrad.Data;
using Hypergrad.Models;
using Hypergrad.Networks;

namespace Hypergrad.Cli.Output;

/// <summary>How the kept model does on a part that it was not trained on, example by example.</summary>
internal sealed class JudgedModel
{
    private const int Worsts = 24;

    private readonly string name;
    private readonly Dataset part;
    private readonly Normalization normalization;
    private readonly TrainedModel model;
    private readonly Predictions predictions;

    private JudgedModel(string name, Dataset part, TrainedModel model, Normalization normalization)
    {
        (this.name, this.part, this.normalization) = (name, part, normalization);
        // The part is normalised already.
        this.model = model with { InputNormalization = null };
        predictions = this.model.Predict(part.Inputs);
    }

    /// <summary>The model judged on the validation part, and on the test part where there is one.</summary>
    public static IEnumerable<JudgedModel> OnParts(TrainedModel model, TuningFacts facts)
    {
        yield return new("validation", facts.Parts.Validation, model, facts.Normalization);
        if (facts.Parts.Test is { } test)
            yield return new("test", test, model, facts.Normalization);
    }

    /// <summary>Which classes it takes for which; null for a regression.</summary>
    public Confusion? Confusion
    {
        get
        {
            if (!model.IsClassifier || model.Evaluate(part).Classes is not { } classes)
                return null;
            int count = classes.Names.Count;
            return new(name, classes.Names, [.. Enumerable.Range(0, count).Select(right =>
                (IReadOnlyList<long>)[.. Enumerable.Range(0, count).Select(predicted => classes[right, predicted])])]);
        }
    }

    /// <summary>The examples of the highest loss; null for sequences, of which an example has many predictions.</summary>
    public WorstExamples? Worst(TaskFigures figures)
    {
        if (predictions.Positions != 1)
            return null;
        var worst = Enumerable.Range(0, part.Count).Select(example => (Example: example, Loss: LossOf(example)))
            .OrderByDescending(each => each.Loss).Take(Worsts).ToArray();
        WorstExample[] examples = [.. worst.Select(each =>
            new WorstExample(each.Example, RightOf(each.Example), PredictedOf(each.Example), figures.LossOf(each.Loss)))];
        return new(name, part.Count, figures.LossUnit, examples)
        {
            Pictures = part.ImageWidth is not null && part.ImageChannels is 1 or 3 ? PicturesOf(examples) : null,
        };
    }

    // As in training: of normalised targets where they are.
    private double LossOf(int example)
    {
        var outputs = predictions.Of(example);
        double loss = 0;
        for (int i = 0; i < outputs.Length; i++)
        {
            double target = TargetOf(example, i);
            if (model.Network.Loss == Loss.SoftmaxCrossEntropy)
                loss -= target == 0 ? 0 : target * Math.Log(Math.Max(outputs[i], double.Epsilon));
            else
                loss += Math.Pow(Normalized(outputs[i], i) - target, 2) / 2;
        }
        return loss;
    }

    private double TargetOf(int example, int output) => part.HasClassTargets
        ? part.Targets[example, 0] == output ? 1 : 0
        : part.Targets[example, output];

    private double Normalized(double output, int column) =>
        model.TargetNormalization is { } targets ? (output - targets.Shift[column]) * targets.Scale[column] : output;

    private double InUnitsOfData(double target, int column) =>
        model.TargetNormalization is { } targets ? target / targets.Scale[column] + targets.Shift[column] : target;

    private string RightOf(int example) => ExampleNames.ClassOf(part, example) is { } right ? ExampleNames.NameOfClass(part, right)
        : Text(Enumerable.Range(0, part.TargetSize).Select(column => InUnitsOfData(part.Targets[example, column], column)));

    private string PredictedOf(int example)
    {
        if (!model.IsClassifier)
            return Text(predictions.Of(example).ToArray());
        int predicted = predictions.ClassOf(example);
        string sure = model.Network.Loss == Loss.SoftmaxCrossEntropy
            ? $" ({predictions.Of(example)[predicted].ToString("P0", CultureInfo.InvariantCulture)})"
            : "";
        return predictions.NameOf(predicted) + sure;
    }

    private ImageGroup PicturesOf(WorstExample[] examples)
    {
        int size = part.InputSize, channels = part.ImageChannels;
        double[] Picture(int example) => normalization.Invert(part.Select([example]).Inputs).ToArray();
        return new($"The worst {name} examples", "pixel value", channels == 3 ? ImagePalette.Colours : ImagePalette.Grayscale,
            [.. examples.Select(example => new ReportImage(
                $"{example.Right}, predicted {example.Predicted}; example {example.Number}",
                part.ImageWidth!.Value, part.ImageHeight!.Value, Picture(example.Number), channels: channels))]);
    }

    private static string Text(IEnumerable<double> values) =>
        string.Join(", ", values.Select(value => value.ToString("G5", CultureInfo.InvariantCulture)));
}
