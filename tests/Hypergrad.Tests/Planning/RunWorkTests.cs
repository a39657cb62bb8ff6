using Hypergrad.Backends;
using Hypergrad.Hyperparameters;
using Hypergrad.Networks;
using Hypergrad.Optimizers;
using Hypergrad.Planning;
using Hypergrad.Runs;

namespace Hypergrad.Tests.Planning;

[TestFixture]
public sealed class RunWorkTests
{
    // 784-8-10 over 20 examples: a product forward and one back to the weights in every layer, and one back to the inputs in the second.
    [Test]
    public void Operations_AreThoseOfTheProducts()
    {
        var work = Of(SmallPlan.Run());
        double first = 2.0 * 20 * 784 * 8, second = 2.0 * 20 * 8 * 10;
        Assert.That(work.Gradient.Flops, Is.EqualTo(2 * first + 3 * second));
        Assert.That(work.Tangent.Flops, Is.EqualTo(3 * first + 6 * second));
        Assert.That(work.Evaluation(SmallPlan.Digits.Validation).Flops, Is.EqualTo(1.5 * work.Gradient.Flops));
        Assert.That(Of(SmallPlan.Run(replicas: 3)).Gradient.Flops, Is.EqualTo(3 * work.Gradient.Flops));
    }

    // X and V of 8 bytes and a store of 2, in and out; the gradient in, the weight out, and on the way back the velocity out too.
    [Test]
    public void ExactStep_MovesWhatTheStateTakes()
    {
        var work = Of(SmallPlan.Run());
        double weights = SmallPlan.Run().Network.ParameterCount;
        Assert.That(work.ExactUpdate, Is.EqualTo(new WorkCount(0, 44 * weights)));
        Assert.That(work.Undoing, Is.EqualTo(new WorkCount(0, 48 * weights)));
        Assert.That(work.Update, Is.EqualTo(new WorkCount(0, 20 * weights)));
    }

    [Test]
    public void Convolution_CountsItsWindows()
    {
        var network = new Network([28, 28, 1], new Convolution(4, kernel: 3, padding: 1), new Flatten(), new Dense(10));
        var run = new TrainingRun(network, SmallPlan.Digits.Train, SmallPlan.Run().Hyperparameters! with { L2 = null }) { BatchSize = 5 };
        double convolution = 2.0 * 5 * 28 * 28 * 9 * 4, dense = 2.0 * 5 * 28 * 28 * 4 * 10;
        Assert.That(Of(run).Gradient.Flops, Is.EqualTo(2 * convolution + 3 * dense));
    }

    [Test]
    public void ShortRun_IsTheFirstStepsOfTheRun()
    {
        var run = SmallPlan.Run(new AdamW { LearningRate = Schedule.PiecewiseLinear(40, 5, Sharing.Tensor, 0.01) }).Lower();
        var shortened = ShortRun.Of(run, 3);
        shortened.Validate();
        Assert.That(shortened.Steps, Is.EqualTo(3));
        Assert.That(shortened.Minibatches.MaximumBatchSize, Is.EqualTo(20));
        foreach (var (quantity, table) in run.Optimizer.Tables)
            Assert.That(shortened.Optimizer.Tables[quantity].Values, Is.EqualTo(table.Values[..(3 * table.Grouping.Count)]), quantity.Name);
    }

    [Test]
    public void OptimizerWithoutAName_IsRefused()
    {
        var run = SmallPlan.Run().Lower();
        var own = run with { Optimizer = new("mine", run.Optimizer.Slots, run.Optimizer.Updates) };
        Refusals.Configuration(() => ShortRun.Of(own, 1),
            "A plan cannot be made for the optimizer \"mine\": only for momentum, adamw, nesterov.");
    }

    private static RunWork Of(TrainingRun run) => new(run.Lower(), run.Hyperparameters!.TunedQuantities, Precision.Single);
}
