// A residual convolutional network trained by AdamW: learning rates of every step and layer, weight decay and scale of every tensor.
// Usage: ConvolutionAdamW [META-STEPS]
using System.Globalization;
using Hypergrad.Data;
using Hypergrad.Hyperparameters;
using Hypergrad.MetaOptimization;
using Hypergrad.Networks;
using Hypergrad.Optimizers;
using Hypergrad.Runs;

int metaSteps = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 15;
const int Steps = 30;

DataSplit data = Digits.Generate(900).Split(train: 500, validation: 200, test: 200);
var network = new Network([28, 28, 1],
    new Convolution(8, kernel: 3, padding: 1, Activation.Relu), new MaxPool(4),
    new Residual(new Convolution(8, 3, 1, Activation.Relu), new Convolution(8, 3, 1)) { Activation = Activation.Relu },
    new Flatten(), new Dense(10));
var run = new TrainingRun(network, data.Train, new HyperparameterSet
{
    Optimizer = new AdamW
    {
        LearningRate = Schedule.PerStep(Steps, Sharing.Layer, initial: 3e-3),
        WeightDecay = Schedule.Constant(Sharing.Tensor, initial: 0.01),
    },
    InitialScale = Scale.PerFanIn(Sharing.Tensor, initial: 1),
})
{ BatchSize = 50 };

TuningResult result = new Tuning(run, data.Validation, new() { MetaSteps = metaSteps, Test = data.Test }).Run();

Console.WriteLine(network);
Console.WriteLine($"validation loss {result.Before.Validation.Mean:F4} -> {result.After.Validation.Mean:F4}");
Console.WriteLine($"test error      {result.Before.TestErrorRate:P1} -> {result.After.TestErrorRate:P1}");
HyperparameterSet learned = result.Learned.Hyperparameters!;
foreach (TunedHyperparameter tuned in learned.Tuned(network).Where(tuned => tuned.Quantity != Quantity.LearningRate))
    for (int i = 0; i < tuned.Count; i++)
        Console.WriteLine($"{tuned.NameOf(i, network)}: {tuned.Values[i]:G3}");
