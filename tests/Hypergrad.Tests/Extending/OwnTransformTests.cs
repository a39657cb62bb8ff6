using Hypergrad.Backends;
using Hypergrad.Hypergradients;
using Hypergrad.Hyperparameters;
using Hypergrad.MetaOptimization;
using Hypergrad.Optimizers;
using Hypergrad.Runs;
using Hypergrad.Tests.MetaOptimization;

namespace Hypergrad.Tests.Extending;

[TestFixture]
public sealed class OwnTransformTests
{
    private static readonly (Transform Transform, double[] Values)[] Good =
    [
        (new Between(0.01, 0.5), [0.02, 0.25, 0.4999]), (Transform.Identity, [-3, 0, 1e6]), (Transform.Log, [1e-12, 1, 1e9]),
        (Transform.Logit, [1e-6, 0.5, 0.999]), (Transform.Softmax(3), [0.2, 0.7, 0.1, 0.98, 0.01, 0.01]),
        (Transform.Softmax(2, 2), [0.5, 1.5]),
    ];

    [Test]
    public void Check_PassesGoodOnes()
    {
        using (Assert.EnterMultipleScope())
            foreach (var (transform, values) in Good)
                Assert.That(() => TransformCheck.Require(transform, values), Throws.Nothing, transform.Name);
    }

    [Test]
    public void Hypergradient_InCoordinatesOfOnesOwn_IsTheSlopeOfTheValidationLoss()
    {
        var set = With(new Between(0.05, 0.6));
        var run = SmallTuning.Run(set);
        var options = new HypergradientOptions { Precision = Precision.Double };
        var gradient = Hypergradient.Stored(run, SmallTuning.Digits.Validation, options);
        var start = run.Hyperparameters!.ToVector(run.Network);
        Assert.That(start, Has.Length.EqualTo(1));
        double LossAt(double coordinate) => Hypergradient.Stored(
            run.With(run.Hyperparameters.WithVector(run.Network, [coordinate])), SmallTuning.Digits.Validation, options).ValidationLoss;
        double slope = (LossAt(start[0] + 1e-4) - LossAt(start[0] - 1e-4)) / 2e-4;
        Assert.That(gradient.Coordinates[0], Is.EqualTo(slope).Within(1e-4).Percent.And.Not.Zero);
    }

    [Test]
    public void Tuning_StaysWithinTheBounds_AndResumesToTheSameBits()
    {
        using var folder = new TemporaryFolder();
        var run = SmallTuning.Run(With(new Between(0.25, 0.35)));
        var options = SmallTuning.Options(metaSteps: 6) with { MetaOptimizer = new SignDescent(2) };
        var whole = SmallTuning.Tuning(options, run).Run();
        var learned = whole.Learned.Hyperparameters![Quantity.LearningRate]!;
        Assert.That(learned.Values, Is.All.GreaterThan(0.25).And.All.LessThan(0.35).And.None.EqualTo(0.3).Within(1e-3));
        Assert.That(learned.Transform, Is.InstanceOf<Between>());
        _ = SmallTuning.Tuning(options with { MetaSteps = 2, StateDirectory = folder.Path }, run).Run();
        SmallTuning.AssertSame(SmallTuning.Tuning(options with { StateDirectory = folder.Path }, run).Run(), whole);
    }

    [Test]
    public void StateOfAnotherTransform_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var options = SmallTuning.Options(folder.Path, 1);
        _ = SmallTuning.Tuning(options, SmallTuning.Run(With(new Between(0.2, 0.4)))).Run();
        Assert.That(() => SmallTuning.Tuning(options, SmallTuning.Run(With(new Between(0.2, 0.5)))),
            Throws.TypeOf<ConfigurationException>().With.Message.Contains("its hyperparameters is")
                .And.Message.Contains("by between 0.2 and 0.5"));
    }

    [Test]
    public void ValueThatItDoesNotAccept_IsRefusedByName() => Assert.That(() => SmallTuning.Run(With(new Between(0.4, 0.5))),
        Throws.TypeOf<ConfigurationException>().With.Message.Contains("is 0.3; it must be between 0.4 and 0.5 to be tuned."));

    [Test]
    public void Check_RefusesWrongOnes_NamingTheValue()
    {
        using (Assert.EnterMultipleScope())
        {
            Refused(new Squared(value => 2 * Math.Sqrt(value)), null);
            Refused(new Squared(value => 1), "has a derivative that does not match: at 9 (value 2) PullBack makes ");
            Refused(new Squared(value => 2 * value), "differences of Forward make ");
            Refused(new Squared(value => double.NaN), "pulls a gradient back to one that is not finite there.");
            Refused(new Squared(value => 2 * Math.Sqrt(value), inverse: value => value),
                "takes 0.25 (value 0) to the coordinate 0.25 and back to 0.0625; Forward must undo Inverse.");
            Refused(new Squared(value => 2 * Math.Sqrt(value), inverse: value => double.NaN), "has no finite coordinate for it");
            Refused(new Squared(value => 2 * Math.Sqrt(value), accepts: false),
                "does not accept 0.25 (value 0); it must be above 0. Start elsewhere.");
        }

        static void Refused(Transform transform, string? words) => Assert.That(
            () => TransformCheck.Require(transform, [0.25, 4, 9]),
            words is null ? Throws.Nothing : Throws.TypeOf<ConfigurationException>().With.Message.Contains(words)
                .And.Message.StartsWith("The transform Squared "));
    }

    // One wrong value among many right ones, of a size of its own, is found too.
    [Test]
    public void Check_FindsTheOneValueThatIsWrong()
    {
        double[] values = [.. Enumerable.Range(1, 200).Select(i => i * 0.5)];
        var transform = new Squared(value => 2 * Math.Sqrt(value) * (value == 60 ? 1.01 : 1));
        Assert.That(() => TransformCheck.Require(transform, values),
            Throws.TypeOf<ConfigurationException>().With.Message.Contains("at 60 (value 119)"));
    }

    [Test]
    public void Tuning_RefusesATransformWhoseDerivativeIsWrong_BeforeWorkStarts() => Assert.That(
        () => SmallTuning.Tuning(SmallTuning.Options(), SmallTuning.Run(With(new Squared(value => value)))),
        Throws.TypeOf<ConfigurationException>().With.Message.StartsWith(
            "The transform of the learning rate, Squared, has a derivative that does not match: at 0.3 (value 0) PullBack makes "));

    private static HyperparameterSet WithRate(Schedule rate) => new()
    {
        Optimizer = new Momentum { LearningRate = rate, Coefficient = Schedule.Constant(5, Sharing.All, 0.5).Fixed() },
        InitialScale = Scale.Per(Sharing.Layer, 0.1).Fixed(),
    };

    private static HyperparameterSet With(Transform transform) =>
        WithRate(
            Schedule.Constant(5, Sharing.All, 0.3) with { Transform = transform }
        );

    // value = θ², θ above 0.
    private sealed class Squared(Func<double, double> derivative, Func<double, double>? inverse = null, bool accepts = true)
        : ElementwiseTransform
    {
        public override string Requirement => "above 0";

        public override bool Accepts(double value) => accepts && value > 0;

        protected override double Forward(double coordinate) => coordinate * coordinate;

        protected override double Inverse(double value) => inverse is null ? Math.Sqrt(value) : inverse(value);

        protected override double Derivative(double value) => derivative(value);
    }
}
