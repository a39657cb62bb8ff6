using System.Globalization;
using Hypergrad.Data;
using Hypergrad.Hyperparameters;
using Hypergrad.MetaOptimization;
using Hypergrad.Networks;
using Hypergrad.Optimizers;
using Hypergrad.Runs;

namespace Hypergrad.Tests.MetaOptimization;

/// <summary>A tuning that takes milliseconds a meta-step: generated digits, 784-4-10, five training steps.</summary>
internal static class SmallTuning
{
    public static readonly DataSplit Digits = Hypergrad.Data.Digits.Generate(120).Split(60, 30, 30);

    public static readonly Network Network = Network.Mlp([784, 4, 10]);

    public static HyperparameterSet Hyperparameters() => new()
    {
        Optimizer = new Momentum
        {
            LearningRate = Schedule.PerStep(5, Sharing.Tensor, 0.3),
            Coefficient = Schedule.Constant(5, Sharing.All, 0.5),
        },
        InitialScale = Scale.Per(Sharing.Layer, 0.1),
    };

    /// <summary>Constant learning rates over another number of steps.</summary>
    public static HyperparameterSet WithSteps(int steps, double momentum = 0.5) => new()
    {
        Optimizer = new Momentum
        {
            LearningRate = Schedule.Constant(steps, Sharing.Tensor, 0.1),
            Coefficient = Schedule.Constant(steps, Sharing.All, momentum),
        },
        InitialScale = Scale.Per(Sharing.Layer, 0.1),
    };

    public static TrainingRun Run(HyperparameterSet? hyperparameters = null, Network? network = null, Dataset? training = null) =>
        new(network ?? Network, training ?? Digits.Train, hyperparameters ?? Hyperparameters()) { BatchSize = 20 };

    public static TuningOptions Options(string? folder = null, int metaSteps = 4) =>
        new() { MetaSteps = metaSteps, Test = Digits.Test, MetaOptimizer = new Adam(0.1), StateDirectory = folder };

    public static Tuning Tuning(TuningOptions options, TrainingRun? run = null) => new(run ?? Run(), Digits.Validation, options);

    /// <summary>A record in words, exact to the bit and without its seconds.</summary>
    public static string Bits(MetaStepRecord record) => (record with { Seconds = 0 }).ToString() + string.Join(' ', new[]
    {
        record.TrainingLoss, record.Validation.Mean, record.Validation.StandardError, record.Test?.Mean ?? 0, record.GradientNorm,
    }.Select(value => BitConverter.DoubleToInt64Bits(value).ToString("x", CultureInfo.InvariantCulture)));

    /// <summary>Two tunings that ended with the same bits.</summary>
    public static void AssertSame(TuningResult actual, TuningResult expected)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(actual.Records.Select(Bits), Is.EqualTo(expected.Records.Select(Bits)));
            Assert.That(File(actual), Is.EqualTo(File(expected)));
            Assert.That(actual.FirstTrainingLosses, Is.EqualTo(expected.FirstTrainingLosses));
            Assert.That(actual.LastTrainingLosses, Is.EqualTo(expected.LastTrainingLosses));
        }
    }

    /// <summary>The learned hyperparameters as their file holds them.</summary>
    public static string File(TuningResult result)
    {
        using var stream = new MemoryStream();
        HyperparameterFile.Write(stream, result.Learned.Network, result.Learned.Hyperparameters!);
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }
}
