// Learns a schedule of the learning rate and the momentum, a value for every step and layer, and shows the learning rates.
// Usage: Schedules [META-STEPS]
using System.Globalization;
using Hypergrad.Data;
using Hypergrad.Hyperparameters;
using Hypergrad.MetaOptimization;
using Hypergrad.Networks;
using Hypergrad.Optimizers;
using Hypergrad.Runs;

int metaSteps = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 20;
const int Steps = 60;

DataSplit data = Digits.Generate(1_200).Split(train: 0.5, validation: 0.25, test: 0.25);
var network = Network.Mlp([784, 30, 30, 10], Activation.Tanh);
var run = new TrainingRun(network, data.Train, new HyperparameterSet
{
    Optimizer = new Momentum
    {
        LearningRate = Schedule.PerStep(Steps, Sharing.Layer, initial: 0.1),
        Coefficient = Schedule.PerStep(Steps, Sharing.Layer, initial: 0.5),
    },
    InitialScale = Scale.PerFanIn(Sharing.Tensor, initial: 1),
})
{ BatchSize = 100 };

TuningResult result = new Tuning(run, data.Validation, new() { MetaSteps = metaSteps, Test = data.Test }).Run();

Console.WriteLine($"validation loss {result.Before.Validation.Mean:F4} -> {result.After.Validation.Mean:F4}");
Console.WriteLine($"test error      {result.Before.TestErrorRate:P1} -> {result.After.TestErrorRate:P1}");
Hyperparameter learned = result.Learned.Hyperparameters![Quantity.LearningRate]!;
Console.WriteLine("learning rate   " + string.Concat(Enumerable.Range(1, network.Depth).Select(layer => $"layer {layer}".PadRight(10))));
for (int step = 0; step < Steps; step += 10)
{
    var rates = Enumerable.Range(0, network.Depth).Select(layer => $"{learned.Values![step * network.Depth + layer]:F4}".PadRight(10));
    Console.WriteLine($"step {step,3}        {string.Concat(rates)}");
}
