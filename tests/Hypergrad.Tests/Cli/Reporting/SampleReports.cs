using Hypergrad.Cli.Output;
using Hypergrad.Cli.Reporting;
using Hypergrad.Data;

namespace Hypergrad.Tests.Cli.Reporting;

/// <summary>Reports with invented numbers: one as a usual run gives, and some as unusual runs give.</summary>
internal static class SampleReports
{
    private const int Steps = 100;
    private static readonly string[] Tensors = ["W1", "b1", "W2", "b2", "W3", "b3", "W4", "b4"];

    public static TuningReport Minimal() => new()
    {
        Title = "Tuning",
        CommandLine = "hypergrad tune",
        Version = "0.1.0",
        Date = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
    };

    public static TuningReport Typical()
    {
        var noise = new Philox(1);
        double Noise(int i) => noise.Uniform((ulong)i) - 0.5;
        MetaLearningPoint[] points = [.. Enumerable.Range(0, 21).Select(m => new MetaLearningPoint(
            m,
            0.05 + 0.5 * Math.Exp(-m / 4.0) + 0.01 * Noise(m),
            new(0.16 + 0.5 * Math.Exp(-m / 6.0) + 0.012 * Noise(100 + m), 0.008 + 0.02 * Math.Exp(-m / 5.0)),
            m % 2 == 0 ? 0.2 + 0.47 * Math.Exp(-m / 5.0) + 0.0035 * Math.Max(0, m - 10) + 0.003 * Noise(200 + m) : null))];
        var overfitting = OverfittingNote.Find(points);
        return Minimal() with
        {
            Title = "Tuning 784-50-50-50-10 on mnist",
            Summary = "20 meta-steps of Adam over 86,414 hyperparameters, guided by exact hypergradients of 4 replicas of 100 steps.",
            CommandLine = "hypergrad tune --data ../shared/data/mnist --layers 784-50-50-50-10 --steps 100 --meta-steps 20 --replicas 4 " +
                "--learning-rate step,tensor --momentum step,tensor --initial-scale tensor --l2 weight --out runs/mnist",
            Notes = [overfitting!, new(NoteKind.Information, "The CUDA backend was not used: no GPU was found.")],
            Headlines =
            [
                new("validation loss", "nats", new(0.6612, 0.027), new(0.1781, 0.0083)),
                new("test loss", "nats", new(0.672, 0.025), new(0.2351, 0.0091)),
                new("validation error", "%", new(18.42, 0.6), new(5.31, 0.22)),
                new("test error", "%", new(18.9, 0.61), new(5.9, 0.25)),
                new("training loss", "nats", new(0.551, 0.02), new(0.0571, 0.0031)),
            ],
            Reversal = new(true, 0.4012, 0.4003),
            Seconds = 83.2,
            Facts = [new("Hypergradient", "4.3 × a training run"), new("Backend", "managed, float, AVX-512, 2 threads")],
            MetaLearning = points,
            ElementaryLearning = new(
                [.. Enumerable.Range(0, Steps).Select(t => 0.55 + 1.75 * Math.Exp(-t / 30.0) + 0.15 * Noise(300 + t))],
                [.. Enumerable.Range(0, Steps).Select(t => (0.05 + 2.25 * Math.Exp(-t / 9.0)) * (1 + 0.5 * Noise(500 + t)))]),
            Schedules = [LearningRates(), Momenta(), PerUnit()],
            Values =
            [
                new("Initial scale per tensor", "initial scale", true,
                    [.. Tensors.Select((name, i) => new ValueChange(name, 0.05, 0.05 * Math.Exp(2.4 * Noise(700 + i))))]),
            ],
            Distributions =
            [
                Distributions.Of("L2 penalty per unit", "L2 penalty λ", true,
                    [.. Enumerable.Range(0, 50).Select(i => new ValueChange($"W1 unit {i}", 1e-6, 1e-6 * Math.Exp(6 * Noise(800 + i))))], null),
                Distributions.Of("Example weights", "example weight", false,
                    [.. Enumerable.Range(0, 3000).Select(i => new ValueChange($"example {i}", 1 + Noise(i), Math.Max(0, 1 + 4 * Noise(9000 + i))))],
                    i => $"class {i % 10}"),
            ],
            Matrices = [SoftTargets(30, 10, 0.001), SoftTargets(1200, 25, 0.3)],
            Confusions = [ConfusionOf("validation", 10), ConfusionOf("test", 26)],
            WorstExamples =
            [
                new("test", 5000, "nats", [.. Enumerable.Range(0, 24).Select(i => new WorstExample(i * 11, $"class {i % 10}", $"class {i % 7} (98 %)", 6 - i / 8.0))])
                {
                    Pictures = new("The worst test examples", "intensity", ImagePalette.Colours, [.. Enumerable.Range(0, 24).Select(k =>
                        new ReportImage($"class {k % 10}, predicted class {k % 7} (98 %); example {k * 11}", 8, 8,
                            [.. Enumerable.Range(0, 192).Select(i => 0.5 + Noise(1000 * k + i))], channels: 3))]),
                },
            ],
            BestMetaStep = points.MinBy(point => point.ValidationLoss.Value)!.MetaStep,
            Images = [PenaltyPerPixel(), PenaltiesPerUnit(), LearnedImages()],
            Configuration =
            [
                new("Data", "../shared/data/mnist: 10,000 training, 5,000 validation, 5,000 test examples of 784 inputs, 10 classes"),
                new("Model", "784-50-50-50-10, tanh, softmax cross-entropy"), new("Training", "100 steps, minibatches of 200, seed 1"),
                new("Method", "exact, reversible"), new("Meta-optimiser", "Adam, step size 0.04, fresh seed every meta-step"),
            ],
            NumbersFile = "result.json",
        };
    }

    private static ExampleMatrix SoftTargets(int examples, int classes, double spread) => new(
        $"Soft targets of {examples} examples", "soft target", [.. Enumerable.Range(0, classes).Select(c => $"class {c}")],
        [.. Enumerable.Range(0, examples).Select(i => new ExampleRow(i, i * 7 % classes, [.. Enumerable.Range(0, classes).Select(c =>
            c == i * 7 % classes ? 1 - spread : spread / (classes - 1) * (1 + 0.9 * Math.Sin(c * i)))]))]);

    private static Confusion ConfusionOf(string part, int classes) => new(
        part, [.. Enumerable.Range(0, classes).Select(c => $"class {c}")], [.. Enumerable.Range(0, classes).Select(right =>
            (IReadOnlyList<long>)[.. Enumerable.Range(0, classes).Select(predicted => right == predicted ? 400L : (right * 7 + predicted * 5) % 13)])]);

    private static ScheduleGroup LearningRates() => new("learning rate", true, [.. Tensors.Select((name, k) => new ScheduleSeries(
        name, Constant(0.37), [.. Enumerable.Range(0, Steps).Select(t =>
            0.37 * Math.Exp(Math.Sin(t / (15.0 + 3 * k)) * (0.8 + 0.15 * k) - 0.2 * k - (t > 85 ? 0.12 * (t - 85) : 0)))]))]);

    private static ScheduleGroup Momenta() => new("momentum", false, [new("all", Constant(0.5),
        [.. Enumerable.Range(0, Steps).Select(t => 0.5 + 0.42 * Math.Sin(t * Math.PI / 130.0))])]);

    private static ScheduleGroup PerUnit() => new("weight decay", true, [.. Enumerable.Range(0, 50).Select(k => new ScheduleSeries(
        $"W2 unit {k}", Constant(0.37), [.. Enumerable.Range(0, Steps).Select(t =>
            0.37 * Math.Exp(0.02 * (k - 25) + 0.6 * Math.Sin(t / 20.0 + k * 0.05) - (k == 3 ? 1.5 : 0)))]))]);

    private static ImageGroup PenaltyPerPixel() => new("L2 penalty per pixel, W1", "L2 penalty λ", ImagePalette.Diverging,
        [new("mean over units", 28, 28, Pixels((x, y) => 1e-6 * Math.Exp(3 - 7 * Math.Exp(-(x * x + y * y) * 3))))])
    {
        Logarithmic = true,
        Centre = 1e-6,
    };

    private static ImageGroup PenaltiesPerUnit() => new("L2 penalty per weight, W1", "L2 penalty λ", ImagePalette.Sequential,
        [.. Enumerable.Range(0, 50).Select(k => new ReportImage($"unit {k}", 28, 28,
            Pixels((x, y) => 1e-6 * Math.Exp(2 * Math.Sin(4 * x + k) * Math.Cos(3 * y - 0.3 * k)))))])
    { Logarithmic = true };

    private static ImageGroup LearnedImages() => new("Learned training images", "intensity", ImagePalette.Grayscale,
        [.. Enumerable.Range(0, 10).Select(k => new ReportImage($"class {k}", 28, 28,
            Pixels((x, y) => Math.Exp(-30 * Math.Pow(Math.Sqrt(x * x + y * y) - 0.3 - 0.04 * k, 2)) + 0.1 * Math.Sin(9 * x * k)),
            before: Pixels((x, y) => 0.5)))]);

    private static double[] Pixels(Func<double, double, double> value) =>
        [.. Enumerable.Range(0, 28 * 28).Select(i => value((i % 28 - 13.5) / 14, (i / 28 - 13.5) / 14))];

    private static double[] Constant(double value) => [.. Enumerable.Repeat(value, Steps)];

    /// <summary>Constant, single, missing, infinite, huge and tiny values, names that look like markup, and long runs.</summary>
    public static TuningReport Unusual() => Minimal() with
    {
        Title = "<script>alert('1')</script> & \"quotes\" \u0001 \uD800",
        LossUnit = "",
        CommandLine = "hypergrad tune --data '<a href=\"x\">' && rm",
        Headlines =
        [
            new("test loss", "", double.NaN, double.PositiveInfinity), new("validation loss", "", new(1e9, 2e7), new(0, 0)),
            new("x", "", 1, 500),
        ],
        Reversal = new(false, 0, 0),
        MetaLearning = [new(0, null, new(0.25, 0.03), null)],
        ElementaryLearning = new(
            [.. Enumerable.Range(0, 700).Select(t => t is > 80 and < 140 ? double.NaN : t == 400 ? 1 / 0.0 : 1e-9 * Math.Exp(t / 12.0))],
            [.. Enumerable.Range(0, 500).Select(t => 1e4 * Math.Exp(-t / 10.0))]),
        Schedules =
        [
            new("momentum", false, [new("a", [0.5], [0.5]), new("b & c", [0.5], [0.5])]),
            new("learning rate", true, [new("all", [0, -1], [double.NaN, 0])]),
            new("huge", false, [new("all", [1e308, -1e308, 2e299], [3, 4, 5])]),
            new("constant", false, [new("all", [0.1, 0.1, 0.1], [0.1, 0.1, 0.1])]),
        ],
        Values = [new("Scales", "scale", true,
            [new("zero", 0, 1), new("a very long name of a tensor in some deep model", 1e-12, 1e12), new("none", double.NaN, double.NaN)])],
        Images = [new("Gaps", "value", ImagePalette.Diverging, [new("2 × 1", 2, 1, [double.NaN, -3]), new("constant", 1, 2, [0, 0])])],
    };
}
