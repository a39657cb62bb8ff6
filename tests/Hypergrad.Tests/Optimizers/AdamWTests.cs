using Hypergrad.Arithmetic;
using Hypergrad.Backends;
using Hypergrad.Hypergradients;
using Hypergrad.Hyperparameters;
using Hypergrad.Networks;
using Hypergrad.Tests.Runs;

namespace Hypergrad.Tests.Optimizers;

/// <summary>AdamW's hypergradients against differences of whole trainings, and what it refuses.</summary>
[TestFixture]
public sealed unsafe class AdamWTests
{
    private static readonly HypergradientMethod[] Methods = [new StoredMethod(), new CheckpointedMethod { Snapshots = 2 },
        new ReversibleMethod()];

    private static SmallRun Small()
    {
        var small = new SmallRun(31, [3, 3, 2], Activation.Tanh, steps: 5).WithAdamW(Sharing.Tensor, Sharing.Layer, epsilon: 0.02);
        // On the grids of the ratios, so that a difference is of what is asked for.
        small.SetTable(Quantity.Beta1, [.. small[Quantity.Beta1].Select(beta => DecayRatio.FromMomentum(beta).Value)]);
        small.SetTable(Quantity.Beta2, [.. small[Quantity.Beta2].Select(beta => Math.Round(1024 * beta) / 1024)]);
        return small;
    }

    // β₁ moves by whole parts of 65536, β₂ by such as are ratios too; 1 − αλ is the ratio nearest to it, of which there are many.
    private static readonly (Quantity Quantity, double Shift, double Tolerance)[] Moved =
    [
        (Quantity.LearningRate, 1e-4, 1e-6), (Quantity.WeightDecay, 1e-3, 1e-6), (Quantity.Beta1, 8.0 / 65536, 1e-6),
        (Quantity.Beta2, 1.0 / 16384, 1e-4), (Quantity.Epsilon, 1e-5, 1e-6), (Quantity.InitialWeights, 1e-5, 1e-6),
            (Quantity.L2, 1e-5, 1e-6),
        (Quantity.L1, 1e-5, 1e-6), (Quantity.Inputs, 1e-5, 1e-6), (Quantity.Targets, 1e-5, 1e-6), (Quantity.ExampleWeights, 1e-5, 1e-6),
    ];

    private static IEnumerable<TestCaseData> Cases() =>
        from method in Methods
        from moved in Moved
        select new TestCaseData(method, moved.Quantity, moved.Shift, moved.Tolerance).SetArgDisplayNames(method.Name, moved.Quantity.Name);

    // The gradient of each method against differences of the float64 training.
    [TestCaseSource(nameof(Cases))]
    public void RawGradient_IsTheSlopeOfTheValidationLoss(HypergradientMethod method, Quantity quantity, double shift, double tolerance)
    {
        var small = Small();
        double[] gradient = Gradient(small, method)[quantity]!;
        Close.Assert(gradient, Slopes(small, quantity, shift, new StoredMethod()), tolerance, quantity.Name);
    }

    // The fixed-point training is a staircase of fine steps; a difference is of many of them.
    [Test]
    public void RawGradient_IsTheSlopeOfTheFixedPointTrainingToo()
    {
        var small = Small();
        // Without the penalty's kink at 0, over which a larger difference may step.
        Array.Clear(small.L1);
        var gradient = Gradient(small, new ReversibleMethod());
        using (Assert.EnterMultipleScope())
            foreach (var (quantity, shift) in new[] { (Quantity.LearningRate, 3e-4), (Quantity.Epsilon, 1e-4),
                (Quantity.Beta1, 16.0 / 65536) })
                Close.Assert(gradient[quantity], Slopes(small, quantity, shift, new ReversibleMethod()), 1e-3, quantity.Name);
    }

    private static IEnumerable<TestCaseData> Wrong()
    {
        static TestCaseData Case(Quantity quantity, double value, string message) =>
            new TestCaseData(quantity, value, message).SetArgDisplayNames($"{quantity} {value}");
        foreach (var (beta, name) in new[] { (Quantity.Beta1, "beta1"), (Quantity.Beta2, "beta2") })
            foreach (double value in new[] { 1, -0.1, double.NaN, 1.5, 1 - 1e-9 })
                yield return Case(beta, value, $"The {name} of step 1, all is {value}");
        foreach (double value in new[] { 0, -1e-8, double.NaN })
            yield return Case(Quantity.Epsilon, value, $"The epsilon of step 1, all is {value}");
        yield return Case(Quantity.LearningRate, -0.1, "The learning rate of step 1, all is -0.1");
        yield return Case(Quantity.WeightDecay, -1, "The weight decay of step 1, all is -1");
        yield return Case(Quantity.WeightDecay, 4, "The learning rate times the weight decay of step 1, all is 1; it must stay below 1.");
    }

    [TestCaseSource(nameof(Wrong))]
    public void Value_OutsideItsRange_IsRefused_NamingStepAndGroup(Quantity quantity, double value, string message)
    {
        var small = new SmallRun(1, [2, 2]).WithAdamW(Sharing.All, Sharing.All);
        Array.Fill(small.LearningRate, 0.25);
        small[quantity][1] = value;
        Assert.That(() => small.ToRaw(), Throws.TypeOf<ConfigurationException>().With.Message.StartsWith(message));
    }

    [Test]
    public void BetaOfZero_IsNotReversed_AndTheReasonIsGiven([Values("beta1", "beta2")] string name)
    {
        var small = Small();
        small[name == "beta1" ? Quantity.Beta1 : Quantity.Beta2][2] = 0;
        string moment = name == "beta1" ? "first moment" : "second moment";
        Refusals.Configuration(
            () => Gradient(small, new ReversibleMethod()),
            $"The {name} of step 1, layer 1 is 0, which cannot be reversed: a step without it forgets its {moment}. "
            + $"Use the checkpointed method, or a {name} above 0.");
        Close.AssertSame(Gradient(small, new CheckpointedMethod()), Gradient(small, new StoredMethod()));
    }

    // A gradient of thousands does not fit a first moment, and one whose square passes 2³¹ no second.
    [TestCase(1e6)]
    [TestCase(1e5)]
    public void GradientThatDoesNotFitAMoment_IsRefused_NamingTheStep(double size)
    {
        var small = new SmallRun(2, [2, 2], Activation.Identity, Loss.Squared).WithAdamW();
        small.Targets = [.. small.Targets.Select(target => size * target)];
        Assert.That(
            () => Gradient(small, new ReversibleMethod()),
            Throws.TypeOf<TrainingDivergedException>().With.Message.Contains("at step 0 in ").And.Message.Contains("range"));
    }

    // A gradient of which a hundredth fits a moment is gathered until the moment does not.
    [Test]
    public void SecondMomentThatLeavesItsRange_IsRefused_NamingStepAndTensor()
    {
        const int steps = 60;
        var small = new SmallRun(2, [2, 2], steps: steps).WithAdamW(Sharing.All, Sharing.All);
        Array.Fill(small[Quantity.Beta1], 0.99);
        Array.Fill(small[Quantity.Beta2], 0.999);
        using var session = Backend.Managed.Open(small.ToRaw(), Precision.Double);
        using var state = session.NewReversibleState();
        state.Start();
        ((Hypergrad.Backends.Managed.ManagedVector<double>)session.Gradient).Replica(0)[0] = 200_000;
        var exception = Assert.Throws<TrainingDivergedException>(() =>
        {
            for (int step = 0; step < steps; step++)
                state.Advance(new Step(step));
        })!;
        Assert.That(exception.Tensor, Is.EqualTo("W1"));
        Assert.That(exception.Message, Does.Contain("moment left").And.Contain("fixed-point range"));
    }

    private static RawGradient Gradient(SmallRun small, HypergradientMethod method) =>
        Hypergradient.Compute(small.ToRun(), small.Validation, method,
            new() { Backend = Backend.Managed, Precision = Precision.Double }).Raw;

    private static double[] Slopes(SmallRun small, Quantity quantity, double shift, HypergradientMethod method)
    {
        double[] values = small[quantity];
        var slopes = new double[values.Length];
        for (int i = 0; i < slopes.Length; i++)
        {
            double start = values[i];
            double At(double value)
            {
                values[i] = value;
                var options = new HypergradientOptions { Backend = Backend.Managed, Precision = Precision.Double, Quantities = [] };
                return Hypergradient.Compute(small.ToRun(), small.Validation, method, options).ValidationLoss;
            }
            slopes[i] = (At(start + shift) - At(start - shift)) / (2 * shift);
            values[i] = start;
        }
        return slopes;
    }
}
