using Hypergrad.Backends;
using Hypergrad.Hypergradients;
using Hypergrad.Tests.Runs;
using Hypergrad.Trajectories;

namespace Hypergrad.Tests.Hypergradients;

/// <summary>What a sweep in fewer reverse steps tells of its way.</summary>
[TestFixture]
public sealed class CoarseSweepTests
{
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
