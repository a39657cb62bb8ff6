using Hypergrad.Backends;
using Hypergrad.Data;
using Hypergrad.Hypergradients;
using Hypergrad.Hyperparameters;
using Hypergrad.Networks;
using Hypergrad.Networks.Operations;
using Hypergrad.Optimizers;
using Hypergrad.Runs;

namespace Hypergrad.Tests.Networks;

/// <summary>Layers and operations from outside the library: what works, and what the library says of what does not.</summary>
[TestFixture]
public sealed class OwnLayerTests
{
    /// <summary>A layer of another program's, out of existing operations: φ(aW + b), twice over with weights of its own.</summary>
    private sealed record Twice(int Units) : Layer
    {
        public override string Kind => "twice";

        public override void Write(LayerWriter fields) => fields.Integer("units", Units);

        public override Value Lower(Value input, ProgramBuilder program)
        {
            string number = $"{program.BeginParameters()}";
            for (int i = 0; i < 2; i++)
            {
                var (weight, bias) = program.AddAffineParameters($"{number}.{i + 1}", input.Shape.Last, Units);
                input = program.Emit(new Affine(input, weight, bias, Activation.Tanh, null));
            }
            return input;
        }
    }

    private sealed record Tied : Layer
    {
        public override string Kind => "tied";

        public override void Write(LayerWriter fields) { }

        public override Value Lower(Value input, ProgramBuilder program)
        {
            var (weight, bias) = program.AddAffineParameters($"{program.BeginParameters()}", input.Shape.Last, input.Shape.Last);
            var once = program.Emit(new Affine(input, weight, bias, Activation.Tanh, null));
            return program.Emit(new Affine(once, weight, bias, Activation.Tanh, null));
        }
    }

    private sealed record Cube(Value Input) : Operation
    {
        public override IReadOnlyList<Value> Inputs => [Input];

        public override Shape OutputShape => Input.Shape;
    }

    private sealed record Cubing : Layer
    {
        public override string Kind => "cubing";

        public override void Write(LayerWriter fields) { }

        public override Value Lower(Value input, ProgramBuilder program) => program.Emit(new Cube(input));
    }

    [Test]
    public void LayerOutOfExistingOperations_IsTrainedAndReversed()
    {
        var data = Digits.Generate(60).Split(30, 30, 0);
        var exact = Hypergradient.Exact(Run(new Network([784], new Twice(3), new Dense(10)), data), data.Validation, Double);
        var stored = Hypergradient.Stored(exact.Run, data.Validation, Double);
        Assert.That(exact.Reversal!.Exact, Is.True);
        Close.Assert(exact.Coordinates, stored.Coordinates, 1e-6, "coordinates");
    }

    [Test]
    public void ParameterThatTwoOperationsRead_IsRefused() => Refusals.Configuration(
        () => _ = new Network([4], new Tied(), new Dense(2)),
        "Layer 1 (tied): W1 is read by an operation before it; a parameter belongs to one operation.");

    [Test]
    public void OperationWithoutAKernel_IsRefused()
    {
        var data = Digits.Generate(60).Split(30, 30, 0);
        var run = Run(new Network([784], new Dense(3), new Cubing(), new Dense(10)), data);
        Refusals.Configuration(
            () => Hypergradient.Exact(run, data.Validation, Double), "The managed backend has no kernel for the operation Cube.");
    }

    private static HypergradientOptions Double => new() { Backend = Backend.Managed, Precision = Precision.Double };

    private static TrainingRun Run(Network network, DataSplit data) => new(network, data.Train, new HyperparameterSet
    {
        Optimizer = new Momentum
        {
            LearningRate = Schedule.PerStep(4, Sharing.Tensor, 0.1),
            Coefficient = Schedule.Constant(Sharing.All, 0.5).Fixed(),
        },
    })
    { BatchSize = 10 };
}
