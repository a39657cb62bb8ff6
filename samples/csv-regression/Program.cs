// Predicts a price from a CSV file: categories and numbers in, learning rate and penalties of every unit tuned, errors in its own units.
// Usage: CsvRegression [META-STEPS [FILE]]; the last column of the file is predicted.
using System.Globalization;
using Hypergrad.Data;
using Hypergrad.Hyperparameters;
using Hypergrad.MetaOptimization;
using Hypergrad.Models;
using Hypergrad.Networks;
using Hypergrad.Optimizers;
using Hypergrad.Runs;

int metaSteps = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 20;
string file = args.Length > 1 ? args[1] : Path.Combine(AppContext.BaseDirectory, "houses.csv");

DataSplit raw = CsvReader.Read(file, new() { Task = LearningTask.Regression }).Split(train: 0.6, validation: 0.2, test: 0.2);
// Both are measured on the training part alone, so that nothing of the others leaks in.
var inputs = Normalization.Fit(raw.Train, NormalizationMode.Standardize);
var targets = Normalization.FitTargets(raw.Train, NormalizationMode.Standardize);
Dataset train = targets.ApplyToTargets(inputs.Apply(raw.Train)), validation = targets.ApplyToTargets(inputs.Apply(raw.Validation));

var network = Network.Mlp([train.InputSize, 16, 1], Activation.Tanh, Loss.Squared);
var run = new TrainingRun(network, train, new HyperparameterSet
{
    Optimizer = new Momentum
    {
        LearningRate = Schedule.PiecewiseLinear(steps: 100, knots: 5, Sharing.Layer, initial: 0.05),
        Coefficient = Schedule.Constant(Sharing.All, initial: 0.8),
    },
    InitialScale = Scale.PerFanIn(Sharing.Tensor, initial: 1),
    L2 = Penalty.Per(Sharing.Unit, initial: 1e-4),
})
{ BatchSize = 32 };

TuningResult result = new Tuning(run, validation, new() { MetaSteps = metaSteps }).Run();

TrainedModel model = TrainedModel.Of(
    result.Learned, result.LearnedWeights, inputs, Provenance.Of(result.Learned, file, result.LastTrainingLosses));
ModelEvaluation test = model.Evaluate(raw.Test!);
Console.WriteLine($"validation loss {result.Before.Validation.Mean:F4} -> {result.After.Validation.Mean:F4}");
Console.WriteLine($"test RMSE {test.Rmse![0]:F1}, R² {test.RSquared:F3}");
for (int example = 0; example < 3; example++)
    Console.WriteLine($"predicted {model.Predict(raw.Test!.Inputs).Of(example)[0]:F1}, was {raw.Test.Targets[example, 0]:F1}");
