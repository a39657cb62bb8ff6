using Hypergrad.MetaOptimization;
using Hypergrad.Tests.Guides;
using Hypergrad.Tests.MetaOptimization;

namespace Hypergrad.Tests.Extending;

[TestFixture]
public sealed class OwnMetaOptimizerTests
{
    private static readonly MetaOptimizer[] Good =
        [new AmsGrad(), new Adam(), new RmsProp(), new Sgd { Momentum = 0.9 }, new SignDescent()];

    [TestCaseSource(nameof(Good))]
    public void Check_PassesGoodOnes(MetaOptimizer optimizer) => Assert.That(() => MetaOptimizerCheck.Require(optimizer), Throws.Nothing);

    [Test]
    public void Tuning_ByOnesOwn_LowersTheLoss_AndResumesToTheSameBits()
    {
        using var folder = new TemporaryFolder();
        var options = SmallTuning.Options(metaSteps: 5) with { MetaOptimizer = new AmsGrad(0.1) };
        var whole = SmallTuning.Tuning(options).Run();
        Assert.That(whole.After.Validation.Mean, Is.LessThan(whole.Before.Validation.Mean));
        foreach (int metaSteps in new[] { 1, 3 })
            _ = SmallTuning.Tuning(options with { MetaSteps = metaSteps, StateDirectory = folder.Path }).Run();
        SmallTuning.AssertSame(SmallTuning.Tuning(options with { StateDirectory = folder.Path }).Run(), whole);
    }

    // Its memory matters: begun anew half way, it would go elsewhere.
    [Test]
    public void More_IsPartOfTheState()
    {
        var optimizer = new AmsGrad(0.1);
        var (_, afterLarge) = optimizer.Update(optimizer.Start(1), [100]);
        var forgotten = afterLarge with { More = [[0.0]] };
        Assert.That(optimizer.Update(afterLarge, [0.1]).Change[0], Is.Not.EqualTo(optimizer.Update(forgotten, [0.1]).Change[0]));
    }

    [Test]
    public void StateOfOtherSettings_IsRefused_NamingThem()
    {
        using var folder = new TemporaryFolder();
        var options = SmallTuning.Options(folder.Path, 1) with { MetaOptimizer = new AmsGrad(0.1) };
        _ = SmallTuning.Tuning(options).Run();
        Assert.That(() => SmallTuning.Tuning(options with { MetaOptimizer = new AmsGrad(0.1) { SecondDecay = 0.9 } }),
            Throws.TypeOf<ConfigurationException>().With.Message.Contains("its meta-optimizer is AmsGrad")
                .And.Message.Contains("SecondDecay = 0.9 "));
    }

    [Test]
    public void Check_RefusesWhatATuningCouldNotGoOnWith()
    {
        using (Assert.EnterMultipleScope())
        {
            Refused(new Broken((state, g) => state with { Step = state.Step + 1, First = [0.0] }),
                "made of a state of arrays of 4, 0 numbers one of 1, 0");
            Refused(new Broken((state, g) => state), "counts 0 updates after 1; Observe must count one more");
            Refused(new Broken((state, g) =>
            {
                state.First[0] += g[0];
                return state with { Step = state.Step + 1 };
            }), "changes the state that it is given");
            Refused(new Broken(change: g => [.. g.Select(_ => double.NaN)]), "changes coordinate 0 by NaN; it must be finite");
            Refused(new Broken(change: g => [.. g]), "goes uphill in its first step");
            Refused(new Broken(change: g => [-1]), "returned a change of 1 numbers for 4 coordinates; return one for each");
            Refused(new Broken(change: g => null!), "returned a change of 0 numbers for 4 coordinates");
            int calls = 0;
            Refused(new Broken(change: g => [.. g.Select(value => -value * ++calls)]),
                "gives another update for the same state and gradient");
            Refused(new Broken(scales: g => [.. g.Select(_ => -1.0)]), "returned the scale -1 for coordinate 0; it must not be below 0");
            Refused(new Broken((state, g) => null!), "returned no state");
            Refused(new Broken(start: 3), "starts with 3 updates made");
        }

        static void Refused(MetaOptimizer optimizer, string words) => Assert.That(() => MetaOptimizerCheck.Require(optimizer),
            Throws.TypeOf<ConfigurationException>().With.Message.StartsWith($"The meta-optimizer broken (Broken) {words}"));
    }

    // And where nobody checked, the tuning itself says which optimizer returned what.
    [Test]
    public void Tuning_RefusesAChangeOfTheWrongLength() => Assert.That(
        () => SmallTuning.Tuning(SmallTuning.Options() with { MetaOptimizer = new Broken(change: g => [-1]) }).Run(),
        Throws.TypeOf<ConfigurationException>().With.Message.Contains(
            "The meta-optimizer broken (Broken) returned a change of 1 numbers for"));

    [Test]
    public void Guide_PrintsWhatIsTestedHere() => PrintedCode.AssertIsIn("docs/extending.md", "Extending");

    private sealed record Broken : MetaOptimizer
    {
        private readonly Func<OptimizerState, double[], OptimizerState>? observe;
        private readonly Func<double[], double[]>? change, scales;
        private readonly int start;

        public Broken(
            Func<OptimizerState, double[], OptimizerState>? observe = null, Func<double[], double[]>? change = null,
            Func<double[], double[]>? scales = null, int start = 0) : base(0.1) =>
            (this.observe, this.change, this.scales, this.start) = (observe, change, scales, start);

        public override string Name => "broken";

        public override OptimizerState Start(int count) => new(start, new double[count], []);

        protected override OptimizerState Observe(OptimizerState state, double[] gradient) =>
            observe is null ? state with { Step = state.Step + 1 } : observe(state, gradient);

        protected override double[] Change(OptimizerState state, double[] gradient) =>
            change is null ? [.. gradient.Select(g => -StepSize * g)] : change(gradient);

        protected override double[] Scales(OptimizerState state, double[] gradient) =>
            scales is null ? base.Scales(state, gradient) : scales(gradient);
    }
}
