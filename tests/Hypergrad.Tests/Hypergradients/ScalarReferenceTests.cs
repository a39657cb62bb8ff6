using Hypergrad.Backends;
using Hypergrad.Hypergradients;
using Hypergrad.Hyperparameters;
using Hypergrad.Networks;
using Hypergrad.Optimizers;
using Hypergrad.Tests.Hypergradients.Reference;
using Hypergrad.Tests.Runs;

namespace Hypergrad.Tests.Hypergradients;

/// <summary>Every method against a run unrolled and differentiated in plain loops.</summary>
[TestFixture]
public sealed class ScalarReferenceTests
{
    private static readonly HypergradientMethod[] Methods =
        [new StoredMethod(), new CheckpointedMethod { Snapshots = 2 }, new ReversibleMethod { VerifyEvery = 2 },
            new DrMadMethod { Knots = 6 }];

    private static IEnumerable<SmallRun> Runs()
    {
        // The activations are nothing of the sweep, whose mutants are each tried on these runs.
#if !MUTATION
        ulong seed = 1;
        foreach (var activation in Enum.GetValues<Activation>())
            foreach (var loss in Enum.GetValues<Loss>())
                yield return new(seed++, [3, 4, 2], activation, loss);
#endif
        yield return new(50, [3, 2]);
        yield return new(51, [2, 3, 3, 2], Activation.Gelu, Loss.Squared);
        yield return new(52, [1, 9, 1], Activation.Softplus, Loss.Squared, learningRates: Sharing.Unit, momenta: Sharing.Layer);
        yield return new(53, [4, 3, 3], Activation.Sigmoid, learningRates: Sharing.All, momenta: Sharing.Unit);
        yield return new(54, [4, 3, 3], Activation.Relu, learningRates: Sharing.Layer, momenta: Sharing.All);
        foreach (double? dampening in (double?[])[0, 0.4])
            yield return new SmallRun(55, [3, 4, 2]).WithDampening(dampening);
        foreach (double? dampening in (double?[])[null, 0, 0.4])
            yield return new SmallRun(56, [3, 4, 2], learningRates: Sharing.Unit).WithNesterov(dampening);
        foreach (var sharing in new[] { Sharing.All, Sharing.Layer, Sharing.Tensor, Sharing.Unit })
            yield return new SmallRun(57, [3, 4, 2], Activation.Gelu).WithAdamW(
                sharing, sharing == Sharing.Unit ? Sharing.Layer : Sharing.Unit);
    }

    private static IEnumerable<TestCaseData> Cases() =>
        from run in Runs()
        from method in Methods
        where run.Optimizer is Momentum || method is not DrMadMethod && !(run.Optimizer is Nesterov && method is ReversibleMethod)
        select new TestCaseData(run, method).SetArgDisplayNames(
            $"{run.Network}", run.Activation.ToString(), run.Network.Loss.ToString(),
            $"{run.LearningRateGrouping.Sharing}/{run.MomentumGrouping.Sharing}",
            run.Optimizer is IDampened { Dampening: { } dampening } ? $"{run.Optimizer.Name} less {dampening}" : run.Optimizer.Name,
                method.Name);

    // DrMAD's line through all states is the path itself, and the slopes over the learning rates are the velocities.
    [TestCaseSource(nameof(Cases))]
    public void Method_MeetsTheUnrolledRun(object small, HypergradientMethod method)
    {
        var run = (SmallRun)small;
        var expected = ScalarReference.Of(run);
        var result = Hypergradient.Compute(
            run.ToRun(), run.Validation, method, new() { Precision = Precision.Double, KeepFinalWeights = true });
        // Adam divides by the root of a mean of squares, and by that rounding grows.
        bool isAdam = run.Optimizer is AdamW;
        double tolerance = method is ReversibleMethod ? isAdam ? 1e-7 : 1e-9 : isAdam ? 1e-9 : 1e-11;
        using (Assert.EnterMultipleScope())
        {
            Close.Assert(result.ValidationLoss, expected.ValidationLoss, tolerance, "validation loss");
            Close.Assert(result.TrainingLosses, expected.TrainingLosses, tolerance, "training losses");
            Close.Assert(result.FinalWeights![0], expected.FinalWeights, tolerance, "final weights");
            Close.Assert(result.Raw, expected.Gradient, tolerance);
        }
    }

    [TestCaseSource(nameof(Runs))]
    public void SinglePrecision_MeetsTheUnrolledRun(object small)
    {
        var run = (SmallRun)small;
        HypergradientMethod method = run.Optimizer is Nesterov ? new StoredMethod() : new ReversibleMethod();
        var result = Hypergradient.Compute(run.ToRun(), run.Validation, method);
        Close.Assert(result.Raw, ScalarReference.Of(run).Gradient, run.Optimizer is AdamW ? 5e-3 : 1e-4);
    }
}
