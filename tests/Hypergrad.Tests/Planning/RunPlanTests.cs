using Hypergrad.Backends;
using Hypergrad.Data;
using Hypergrad.Hypergradients;
using Hypergrad.Hyperparameters;
using Hypergrad.Optimizers;
using Hypergrad.Planning;

namespace Hypergrad.Tests.Planning;

[TestFixture]
[NonParallelizable]
public sealed class RunPlanTests
{
    [Test]
    public void Plan_HasEveryMethod_InSecondsBytesAndOperations()
    {
        var run = SmallPlan.Run();
        var plan = SmallPlan.Plan(run);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(plan.Methods.Select(method => method.Method.Name),
                Is.EqualTo(new[] { "stored", "reversible", "reversible", "checkpointed", "drmad" }));
            Assert.That(plan.Methods[2].Description, Does.Match("^reversible, [0-9.]+ [kMG]B for evaluations$"));
            Assert.That(plan.Methods[3].Description, Is.EqualTo("checkpointed, 7 snapshots"));
            Assert.That(plan.Methods.Select(method => method.WhyNot), Is.All.Null);
            Assert.That(plan.Methods.Select(method => method.Seconds), Is.All.InRange(1e-5, 60));
            Assert.That(plan.Methods.Select(method => method.Work.Flops), Is.All.GreaterThan(0));
            Assert.That(plan.Methods.Select(method => method.Work.Bytes), Is.All.GreaterThan(0));
            foreach (var method in plan.Methods)
                Assert.That(method.Memory, Is.EqualTo(new RunMemory(
                    run.Lower(), run.Hyperparameters!.TunedQuantities, Precision.Single, Backend.Managed).Estimate(method.Method)),
                    method.Description);
            Assert.That(plan.Calibrated.Select(kind => kind.Seconds), Is.All.GreaterThanOrEqualTo(0));
            Assert.That(plan.Calibrated, Has.Count.EqualTo(8));
        }
    }

    [Test]
    public void Choice_IsTheFastestExactMethodThatFits()
    {
        var plan = SmallPlan.Plan(SmallPlan.Run());
        Assert.That(plan.Choice, Is.EqualTo(plan.Methods.Where(method => method.Method.IsExact).MinBy(method => method.Seconds)));
        double stored = SmallPlan.Of<StoredMethod>(plan).Memory, reversible = SmallPlan.Of<ReversibleMethod>(plan).Memory;
        long between = (long)(0.5 * (stored + reversible));
        var less = SmallPlan.Plan(SmallPlan.Run(), SmallPlan.Options with { Memory = between });
        using (Assert.EnterMultipleScope())
        {
            Assert.That(SmallPlan.Of<StoredMethod>(less).WhyNot, Does.Match("^It takes [0-9.]+ MB, and there are [0-9.]+ MB\\.$"));
            Assert.That(less.Choice!.Method, Is.Not.TypeOf<StoredMethod>());
            Assert.That(less.Choice.Memory, Is.LessThanOrEqualTo(between));
            // Those that trade memory for time use what is given, and no more.
            Assert.That(less.Methods.Skip(1).Select(method => method.Memory), Is.All.LessThanOrEqualTo(between));
            Assert.That(less.Methods[2].Memory, Is.GreaterThan(reversible));
        }
    }

    [Test]
    public void WhereNothingFits_ThereIsNoChoice_AndTheLeastIsSaid()
    {
        var plan = SmallPlan.Plan(SmallPlan.Run(), SmallPlan.Options with { Memory = 1000 });
        Assert.That(plan.Choice, Is.Null);
        Assert.That(plan.Methods.Select(method => method.WhyNot), Is.All.Not.Null);
        Assert.That(plan.Methods[2].WhyNot, Does.StartWith("The memory that is left holds the evaluation of not one step."));
        Assert.That(plan.LeastMemory, Is.EqualTo(plan.Methods.Where(method => method.Method.IsExact && !double.IsNaN(method.Memory))
            .Min(method => method.Memory)).And.GreaterThan(1000));
    }

    [Test]
    public void MethodsThatAreRefused_SayWhy()
    {
        var nesterov = SmallPlan.Plan(SmallPlan.Run(new Nesterov
        {
            LearningRate = Schedule.PerStep(40, Sharing.Tensor, 0.1),
            Coefficient = Schedule.PerStep(40, Sharing.Tensor, 0.9),
        }));
        Assert.That(nesterov.Methods[1].WhyNot, Does.Contain("cannot be reversed"));
        Assert.That(nesterov.Methods[4].WhyNot, Does.Contain("momentum alone"));
        Assert.That(nesterov.Choice!.Method, Is.TypeOf<StoredMethod>().Or.TypeOf<CheckpointedMethod>());
        var adam = SmallPlan.Plan(SmallPlan.Run(new AdamW { LearningRate = Schedule.PerStep(40, Sharing.Tensor, 0.01) }));
        Assert.That(adam.Methods.Select(method => method.IsPossible), Is.EqualTo(new[] { true, true, true, true, false }));
    }

    [Test]
    public void MethodWithSettings_IsPlannedInThePlaceOfItsKind()
    {
        MethodPlan With(HypergradientMethod method) =>
            SmallPlan.Plan(SmallPlan.Run(), SmallPlan.Options with { Method = method }).Methods.Single(plan => plan.Method == method);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(With(new CheckpointedMethod { Snapshots = 3 }).Description, Is.EqualTo("checkpointed, 3 snapshots"));
            Assert.That(With(new CheckpointedMethod { MemoryBudget = 1_000_000 }).Description, Is.EqualTo("checkpointed, 1 MB for snapshots"));
            Assert.That(With(new DrMadMethod { ReverseSteps = 5 }).Description, Is.EqualTo("drmad, 5 reverse steps"));
            Assert.That(With(new DrMadMethod { ReverseSteps = 5 }).Work.Flops, Is.LessThan(With(new DrMadMethod { Knots = 3 }).Work.Flops));
            Assert.That(With(new ReversibleMethod { MemoryBudget = 1_000_000 }).Description,
                Is.EqualTo("reversible, 1 MB for evaluations"));
            Assert.That(With(new ReversibleMethod { VerifyEvery = 3 }).Seconds, Is.GreaterThan(0));
        }
    }

    // The same clock, and of the processor: on a busy machine too it says how much is done.
    [Test]
    public void Seconds_AreAboutWhatItTakes()
    {
        static double Clock() => Environment.CpuUsage.TotalTime.TotalSeconds;
        var run = SmallPlan.Run(replicas: 8);
        var plan = SmallPlan.Plan(run, SmallPlan.Options with { CalibrationSeconds = 1, Clock = Clock });
        foreach (var method in plan.Methods)
        {
            double best = double.PositiveInfinity;
            for (int round = 0; round < 6; round++)
            {
                double start = Clock();
                _ = Hypergradient.Compute(run, SmallPlan.Digits.Validation, method.Method, new() { Backend = SmallPlan.Backend });
                best = Math.Min(best, Clock() - start);
            }
            Assert.That(method.Seconds / best, Is.InRange(0.4, 2.5), method.Description);
        }
    }

    [Test]
    public void LongerRuns_TakeLonger_ThoughNoMoreOfThemIsRun()
    {
        Momentum Of(int steps) => new()
        {
            LearningRate = Schedule.Constant(steps, Sharing.All, 0.1),
            Coefficient = Schedule.Constant(steps, Sharing.All, 0.9),
        };
        var (one, many) = (SmallPlan.Plan(SmallPlan.Run(Of(100))), SmallPlan.Plan(SmallPlan.Run(Of(1_000_000))));
        Assert.That(many.CalibrationTime.TotalSeconds, Is.LessThan(60));
        Assert.That(many.Methods[1].Seconds, Is.GreaterThan(1000 * one.Methods[1].Seconds));
        Assert.That(many.Methods[0].Work.Flops / one.Methods[0].Work.Flops, Is.EqualTo(10_000).Within(5).Percent);
    }

    [Test]
    public void SettingsThatMakeNoSense_AreRefused()
    {
        var run = SmallPlan.Run();
        Refusals.Configuration(() => SmallPlan.Plan(run, SmallPlan.Options with { Memory = 0 }),
            "A memory of 0 bytes: a plan needs at least 1.");
        Refusals.Configuration(() => SmallPlan.Plan(run, SmallPlan.Options with { CalibrationSeconds = double.NaN }),
            "A calibration of NaN seconds: it must be finite and at least 0.");
        var misfit = new Dataset(SmallPlan.Digits.Validation.Inputs, new Table(new float[90], 3));
        Assert.That(() => RunPlan.Make(run, misfit, SmallPlan.Options),
            Throws.TypeOf<ConfigurationException>().With.Message.StartsWith("The validation targets have 3 numbers"));
    }

    [Test]
    public void Cancelled_ItStops() => Assert.That(
        () => SmallPlan.Plan(SmallPlan.Run(), SmallPlan.Options with { Cancellation = new(true) }),
        Throws.InstanceOf<OperationCanceledException>());
}
