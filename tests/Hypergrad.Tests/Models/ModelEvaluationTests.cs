using Hypergrad.Data;
using Hypergrad.Models;
using Hypergrad.Networks;

namespace Hypergrad.Tests.Models;

[TestFixture]
public sealed class ModelEvaluationTests
{
    // Logits ±a for the classes "no" and "yes".
    private static TrainedModel Sign() =>
        ModelUnderTest.Of(Network.Mlp([1, 2]), classes: ["no", "yes"]) with { Weights = [[-1, 1, 0, 0]] };

    [Test]
    public void Classes_AreCountedByTheirNames()
    {
        // The file has its classes in another order, and one that no example is of.
        var data = Classes([2, 1, -3], ["yes", "maybe", "no"], [0, 2, 2]);
        var evaluation = Sign().Evaluate(data);
        double[] margins = [4, -2, 6];
        Close.Assert(evaluation.Loss, margins.Average(margin => Math.Log(1 + Math.Exp(-margin))), 1e-6, "loss");
        Assert.That(evaluation.Accuracy, Is.EqualTo(2 / 3.0));
        var classes = evaluation.Classes!;
        Assert.That((classes[0, 0], classes[0, 1], classes[1, 0], classes[1, 1]), Is.EqualTo((1, 1, 0, 1)));
        Assert.That((classes.CountOf(0), classes.Recall(0), classes.Precision(0), classes.Precision(1)), Is.EqualTo((2, 0.5, 1.0, 0.5)));
    }

    [Test]
    public void Regression_IsJudgedInTheUnitsOfTheData()
    {
        // Predictions 6 and 1 for 4 and 2.
        var data = new Dataset(new Table([1f, 1, 0, 0], 2), new Table([4f, 2], 1));
        var evaluation = ModelUnderTest.Linear().Evaluate(data);
        Close.Assert(evaluation.Loss, (4 + 1) / 4.0, 1e-6, "loss");
        Close.Assert(evaluation.Rmse!, [Math.Sqrt(2.5)], 1e-6, "RMSE");
        Close.Assert(evaluation.RSquared!.Value, 1 - 5 / 2.0, 1e-6, "R²");
        Assert.That(evaluation.Accuracy, Is.Null);
    }

    [Test]
    public void Sequences_AreJudgedAtEachPosition()
    {
        var model = ModelUnderTest.Of(Network.OfTokens(3, 2, new Embedding(4), new Dense(3)));
        var inputs = ModelUnderTest.Inputs(model.Network, 5);
        var predicted = model.Predict(inputs);
        var targets = Enumerable.Range(0, 10).Select(row => (float)predicted.ClassOf(row / 2, row % 2)).ToArray();
        Assert.That(model.Evaluate(new Dataset(inputs, new Table(targets, 2)) { HasClassTargets = true }).Accuracy, Is.EqualTo(1));
        targets[3] = (targets[3] + 1) % 3;
        Assert.That(model.Evaluate(new Dataset(inputs, new Table(targets, 2)) { HasClassTargets = true }).Accuracy, Is.EqualTo(0.9));
        targets[3] = 3;
        Refusals.Data(() => model.Evaluate(new Dataset(inputs, new Table(targets, 2)) { HasClassTargets = true }),
            "Example 1 has the class number 3; the model has 3 classes.");
        Refusals.Data(() => model.Evaluate(new Dataset(inputs, new Table(targets[..5], 1)) { HasClassTargets = true }),
            "There are 1 class numbers an example, and the model predicts 2.");
    }

    [Test]
    public void TargetsOfAnotherKind_AreRefused()
    {
        Refusals.Data(() => Sign().Evaluate(Classes([1], ["no", "perhaps"], [1])),
            "There are examples of the class \"perhaps\", which the model does not know; it knows no, yes.");
        Refusals.Data(() => Sign().Evaluate(new Dataset(new Table([1f], 1), new Table([2f], 1))),
            "The targets are numbers, and the model predicts classes; read them as those of a classification (--task classification).");
        Refusals.Data(() => ModelUnderTest.Linear().Evaluate(new Dataset(new Table([1f, 1], 2), new Table([2f, 3], 2))),
            "There are 2 targets, and the model predicts 1 numbers; name its target columns.");
        Refusals.Data(() => ModelUnderTest.Linear().Evaluate(Classes([1], ["a"], [0])),
            "The targets are the classes a, and the model predicts numbers; read them as those of a regression (--task regression).");
        var unnamed = Sign() with { ClassNames = null };
        Refusals.Data(() => unnamed.Evaluate(Classes([1], ["a", "b", "c"], [0])), "There are 3 classes, and the model predicts 2.");
    }

    private static Dataset Classes(float[] inputs, string[] names, int[] classes)
    {
        var targets = new float[classes.Length * names.Length];
        for (int row = 0; row < classes.Length; row++)
            targets[row * names.Length + classes[row]] = 1;
        return new(new Table(inputs, 1), new Table(targets, names.Length)) { ClassNames = names };
    }
}
