// Learns an L2 penalty for every pixel of the input: large where the pixel tells nothing about the digit. Draws them as a picture.
// Usage: PixelPenalties [META-STEPS]
using System.Globalization;
using Hypergrad.Data;
using Hypergrad.Hyperparameters;
using Hypergrad.MetaOptimization;
using Hypergrad.Networks;
using Hypergrad.Optimizers;
using Hypergrad.Runs;

int metaSteps = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 30;
const int Side = 28;

DataSplit data = Digits.Generate(600).Split(train: 200, validation: 200, test: 200);
var run = new TrainingRun(Network.Mlp([Side * Side, 10]), data.Train, new HyperparameterSet
{
    Optimizer = new Momentum
    {
        LearningRate = Schedule.Constant(steps: 60, Sharing.All, initial: 0.2).Fixed(),
        Coefficient = Schedule.Constant(Sharing.All, initial: 0.8).Fixed(),
    },
    InitialScale = Scale.Per(Sharing.All, initial: 0.05).Fixed(),
    L2 = Penalty.Per(Sharing.Input, initial: 1e-3),
})
{ BatchSize = 100 };

TuningResult result = new Tuning(
    run, data.Validation, new() { MetaSteps = metaSteps, MetaOptimizer = new Adam(0.2), Test = data.Test }).Run();

Console.WriteLine($"validation loss {result.Before.Validation.Mean:F4} -> {result.After.Validation.Mean:F4}");
Console.WriteLine($"test error      {result.Before.TestErrorRate:P1} -> {result.After.TestErrorRate:P1}");
Console.WriteLine("log penalty of every pixel, from low (blank) to high (#):");
// The first 784 values are those of the pixels; the last one is the biases'.
double[] logs = [.. result.Learned.Hyperparameters!.L2!.Values!.Take(Side * Side).Select(value => Math.Log(value))];
double low = logs.Min(), range = Math.Max(logs.Max() - low, 1e-9);
for (int row = 0; row < Side; row++)
    Console.WriteLine(string.Concat(logs.Skip(row * Side).Take(Side).Select(value => " .:-=+*#"[(int)((value - low) / range * 7.99)])));
