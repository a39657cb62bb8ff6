// Half of the training labels are wrong. A weight for each example, between 0 and 1, learns which ones from a clean validation set.
// Usage: HyperCleaning [META-STEPS]
using System.Globalization;
using Hypergrad.Data;
using Hypergrad.Hyperparameters;
using Hypergrad.MetaOptimization;
using Hypergrad.Networks;
using Hypergrad.Optimizers;
using Hypergrad.Runs;

int metaSteps = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 30;
const double Start = 0.5;

DataSplit data = Digits.Generate(1_200).Split(train: 400, validation: 400, test: 400);
var random = new Random(1);
var targets = new float[data.Train.Count * data.Train.TargetSize];
var isWrong = new bool[data.Train.Count];
for (int example = 0; example < data.Train.Count; example++)
{
    int label = Enumerable.Range(0, data.Train.TargetSize).First(place => data.Train.Targets[example, place] > 0.5);
    isWrong[example] = random.Next(2) == 0;
    targets[example * data.Train.TargetSize + (isWrong[example] ? (label + random.Next(1, 10)) % 10 : label)] = 1;
}
var corrupted = new Dataset(data.Train.Inputs, new Table(targets, data.Train.TargetSize)) { ImageWidth = data.Train.ImageWidth };

var run = new TrainingRun(Network.Mlp([784, 10]), corrupted, new HyperparameterSet
{
    Optimizer = new Momentum
    {
        LearningRate = Schedule.Constant(steps: 40, Sharing.All, initial: 0.5).Fixed(),
        Coefficient = Schedule.Constant(Sharing.All, initial: 0.9).Fixed(),
    },
    InitialScale = Scale.Per(Sharing.All, initial: 0.01).Fixed(),
    ExampleWeights = ExampleWeights.All(Start).Bounded(),
})
{ BatchSize = 100 };

TuningResult result = new Tuning(
    run, data.Validation, new() { MetaSteps = metaSteps, MetaOptimizer = new Adam(0.3), Test = data.Test }).Run();

double[] weights = result.Learned.Hyperparameters!.ExampleWeights!.Values!;
int[] low = [.. Enumerable.Range(0, weights.Length).Where(example => weights[example] < Start)];
Console.WriteLine($"validation loss {result.Before.Validation.Mean:F4} -> {result.After.Validation.Mean:F4}");
Console.WriteLine($"test error      {result.Before.TestErrorRate:P1} -> {result.After.TestErrorRate:P1}");
Console.WriteLine($"{low.Length} weights fell; of these examples {low.Count(example => isWrong[example])} have a wrong label, "
    + $"of all {weights.Length} examples {isWrong.Count(wrong => wrong)}");
