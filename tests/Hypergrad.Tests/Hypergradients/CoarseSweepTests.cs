using Hypergrad.Backends;
using Hypergrad.Hypergradients;
using Hypergrad.Tests.Hypergradients.Reference;
using Hypergrad.Tests.Runs;
using Hypergrad.Trajectories;

namespace Hypergrad.Tests.Hypergradients;

/// <summary>A sweep in fewer reverse steps: its numbers on the smallest run that shows them, and what it tells of its way.</summary>
[TestFixture]
public sealed class CoarseSweepTests
{
    // Blocks of two and of three steps.
    [Test]
    public void Sweep_MeetsThePlainLoops()
    {
        var run = new SmallRun(1, [2, 2], steps: 5);
        var result = Hypergradient.Compute(run.ToRun(), run.Validation, new DrMadMethod { ReverseSteps = 2 }, new()
        {
            Backend = Backend.Managed,
            Precision = Precision.Double,
        });
        Close.Assert(result.Raw, ShortcutReference.Of(run, [0, 5], blocks: 2), 1e-10);
    }

    // 13 steps in 4 blocks begin at 0, 3, 6 and 9.
    [Test]
    public void Sweep_TellsOfEveryBlock()
    {
        using var session = Backend.Managed.Open(new SmallRun(1, [2, 2], steps: 13).ToRaw(), Precision.Double);
        using var trajectory = new ShortcutTrajectory(session, knotCount: 2);
        using var adjoint = new Adjoint(session, []);
        var told = new List<int>();
        trajectory.CameBackTo += told.Add;
        trajectory.Train();
        CoarseSweep.Run(session, trajectory, adjoint, reverseSteps: 4);
        Assert.That(told, Is.EqualTo(new[] { 9, 6, 3, 0 }));
    }
}
