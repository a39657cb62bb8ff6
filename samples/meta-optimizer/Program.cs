// Tunes by a meta-optimizer of one's own, checks it first, and takes the meta-steps one at a time.
// Usage: OwnMetaOptimizer [META-STEPS]
using System.Globalization;
using Hypergrad.Data;
using Hypergrad.Hyperparameters;
using Hypergrad.MetaOptimization;
using Hypergrad.Networks;
using Hypergrad.Optimizers;
using Hypergrad.Runs;

int metaSteps = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 20;

var optimizer = new Lion(stepSize: 0.1);
MetaOptimizerCheck.Require(optimizer);

DataSplit data = Digits.Generate(1_200).Split(train: 0.5, validation: 0.25, test: 0.25);
var run = new TrainingRun(Network.Mlp([784, 30, 10], Activation.Tanh), data.Train, new HyperparameterSet
{
    Optimizer = new Momentum
    {
        LearningRate = Schedule.PerStep(steps: 50, Sharing.Tensor, initial: 0.1),
        Coefficient = Schedule.PerStep(steps: 50, Sharing.Tensor, initial: 0.5),
    },
    InitialScale = Scale.PerFanIn(Sharing.Tensor, initial: 1),
})
{ BatchSize = 100 };

var tuning = new Tuning(run, data.Validation, new() { MetaSteps = metaSteps, Test = data.Test, MetaOptimizer = optimizer });
await foreach (MetaStep step in tuning.RunAsync())
    Console.WriteLine($"meta-step {step.Record.MetaStep + 1}/{step.MetaSteps}: validation loss {step.Record.Validation.Mean:F4}");
TuningResult result = await tuning.CompleteAsync();
Console.WriteLine($"validation loss {result.Before.Validation.Mean:F4} -> {result.After.Validation.Mean:F4}");

/// <summary>Lion (Chen et al. 2023): the sign of a mixture of the momentum and the gradient, before the momentum takes the gradient in.</summary>
internal sealed record Lion : MetaOptimizer
{
    public Lion(double stepSize) : base(stepSize) { }

    public double Mixing { get; init; } = 0.9;

    public double Decay { get; init; } = 0.99;

    public override string Name => "lion";

    public override OptimizerState Start(int count) => new(0, new double[count], new double[count]);

    // The second array keeps the mixture that the step is made of.
    protected override OptimizerState Observe(OptimizerState state, double[] gradient) => new(
        state.Step + 1,
        [.. gradient.Select((g, i) => Decay * state.First[i] + (1 - Decay) * g)],
        [.. gradient.Select((g, i) => Mixing * state.First[i] + (1 - Mixing) * g)]);

    protected override double[] Change(OptimizerState state, double[] gradient) =>
        [.. state.Second.Select(mixture => -StepSize * Math.Sign(mixture))];
}
