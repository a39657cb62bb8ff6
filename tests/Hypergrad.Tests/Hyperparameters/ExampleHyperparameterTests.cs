using Hypergrad.Hyperparameters;
using Hypergrad.Optimizers;
using Hypergrad.Runs;
using Hypergrad.Tests.Runs;

namespace Hypergrad.Tests.Hyperparameters;

/// <summary>Inputs, targets and weights of training examples are stated in the same words.</summary>
[TestFixture]
public sealed class ExampleHyperparameterTests
{
    private static readonly int[] Two = [2, 0];

    private static TestCaseData[] Siblings() =>
    [
        Sibling(TrainingInputs.Of, () => TrainingInputs.All()),
        Sibling(examples => SoftTargets.Of(examples), () => SoftTargets.All()),
        Sibling(examples => ExampleWeights.Of(examples), () => ExampleWeights.All()),
    ];

    [TestCaseSource(nameof(Siblings))]
    public void Examples_AreChosenByAList_WhichIsCopied(Func<IReadOnlyList<int>, ExampleHyperparameter> of, Func<ExampleHyperparameter> all)
    {
        int[] list = [.. Two];
        var chosen = of(list);
        list[0] = 1;
        Assert.That(chosen.Examples, Is.EqualTo(Two));
        Assert.That(all().Examples, Is.Null);
    }

    [TestCaseSource(nameof(Siblings))]
    public void Choices_ThatAreNone_AreRefused(Func<IReadOnlyList<int>, ExampleHyperparameter> of, Func<ExampleHyperparameter> all)
    {
        string name = all() switch { TrainingInputs => "Training inputs", SoftTargets => "Soft targets", _ => "Example weights" };
        Assert.That(() => of(null!), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("examples"));
        Refusals.Configuration(() => of([]), $"{name}: no training example was chosen; name at least one, or choose all.");
        Refusals.Configuration(() => of([1, 2, 1]), $"{name}: training example 1 was chosen twice; name every example once.");
    }

    [Test]
    public void Fixed_KeepsThemInASet_AndTunesNone()
    {
        var small = new SmallRun(1, [2, 3, 2]);
        var set = new HyperparameterSet
        {
            Optimizer = new Momentum
            {
                LearningRate = Schedule.PerStep(2, Sharing.All, 0.1),
                Coefficient = Schedule.PerStep(2, Sharing.All, 0.9).Fixed(),
            },
            TrainingInputs = TrainingInputs.Of(Two).Fixed(),
            Targets = SoftTargets.Of(Two).Fixed(),
            ExampleWeights = ExampleWeights.Of(Two, 0.5).Fixed(),
        }.For(small.Network, small.ToRun().Training);
        Assert.That(set.Tuned(small.Network).Select(tuned => tuned.Name), Is.EqualTo(new[] { "learning rate" }));
        Assert.That(set.ExampleWeights!.Values, Is.EqualTo(new[] { 0.5, 0.5 }));
    }

    private static TestCaseData Sibling<T>(Func<IReadOnlyList<int>, T> of, Func<T> all) where T : ExampleHyperparameter =>
        new TestCaseData((Func<IReadOnlyList<int>, ExampleHyperparameter>)of,
            (Func<ExampleHyperparameter>)all).SetArgDisplayNames(typeof(T).Name);
}
