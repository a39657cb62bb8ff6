// Learns ten training pictures, one for each class, that teach a network to read digits in a few steps.
// Usage: Distillation [META-STEPS]
using System.Globalization;
using Hypergrad.Data;
using Hypergrad.Hyperparameters;
using Hypergrad.MetaOptimization;
using Hypergrad.Networks;
using Hypergrad.Optimizers;
using Hypergrad.Runs;

int metaSteps = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 40;
const int Side = 28, Classes = 10;

Dataset validation = Digits.Generate(500, seed: 1), test = Digits.Generate(500, seed: 2);
// Ten blank pictures, each with the label that it is to teach.
var labels = new float[Classes * Classes];
for (int label = 0; label < Classes; label++)
    labels[label * Classes + label] = 1;
var blank = new Dataset(new Table(new float[Classes * Side * Side], Side * Side), new Table(labels, Classes)) { ImageWidth = Side };

var run = new TrainingRun(Network.Mlp([Side * Side, Classes]), blank, new HyperparameterSet
{
    Optimizer = new Momentum
    {
        LearningRate = Schedule.Constant(steps: 20, Sharing.All, initial: 0.1).Fixed(),
        Coefficient = Schedule.Constant(Sharing.All, initial: 0.5).Fixed(),
    },
    InitialScale = Scale.Per(Sharing.All, initial: 0.01).Fixed(),
    TrainingInputs = TrainingInputs.All(),
})
{ Sampling = Sampling.FullBatch };

TuningResult result = new Tuning(run, validation, new() { MetaSteps = metaSteps, MetaOptimizer = new Adam(0.1), Test = test }).Run();

Console.WriteLine($"validation loss {result.Before.Validation.Mean:F4} -> {result.After.Validation.Mean:F4}");
Console.WriteLine($"test error      {result.Before.TestErrorRate:P1} -> {result.After.TestErrorRate:P1}, trained on ten learned pictures");
Console.WriteLine("the picture that teaches the digit 3, from dark (blank) to light (#):");
double[] picture = [.. result.Learned.Hyperparameters!.TrainingInputs!.Values!.Skip(3 * Side * Side).Take(Side * Side)];
double low = picture.Min(), range = Math.Max(picture.Max() - low, 1e-9);
for (int row = 0; row < Side; row++)
    Console.WriteLine(string.Concat(picture.Skip(row * Side).Take(Side).Select(value => " .:-=+*#"[(int)((value - low) / range * 7.99)])));
