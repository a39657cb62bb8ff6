using Hypergrad.Backends.Managed;
using Hypergrad.Networks;

namespace Hypergrad.Tests.Backends.Managed;

/// <summary>Work on tiles that is put off, and when it is done.</summary>
[TestFixture]
public sealed class TileWorkTests
{
    private static readonly WeightTile[] Tiles = WeightTile.Of(Network.Mlp([100, 90, 3]));

    private readonly List<string> log = [];
    private Workers workers = null!;
    private TileWork work = null!;

    [SetUp]
    public void MakeWork()
    {
        log.Clear();
        workers = new(1);
        work = new(Tiles, replicas: 2, workers);
    }

    [TearDown]
    public void EndWorkers() => workers.Dispose();

    // Of 1.2 million weights, and of 9,000.
    [Test]
    public void Tiles_HoldEveryWeightOnce_WithinItsTensor([Values(1100, 90)] int width)
    {
        var network = Network.Mlp([100, width, width, 3]);
        int next = 0;
        foreach (var tile in WeightTile.Of(network))
        {
            var tensor = network.Tensors[tile.Tensor];
            Assert.That((tile.Start, tile.Within), Is.EqualTo((next, next - tensor.Offset)));
            Assert.That(tile.Count, Is.InRange(1, Math.Min(WeightTile.Largest, tensor.Count - tile.Within)));
            next += tile.Count;
        }
        Assert.That(next, Is.EqualTo(network.ParameterCount));
    }

    [Test]
    public void Work_IsDoneAtOnce_UnlessItIsPutOff()
    {
        Add("a");
        Assert.That(log, Has.Count.EqualTo(2 * Tiles.Length + 1).And.All.StartsWith("a"));
        work.PuttingOff(() =>
        {
            log.Clear();
            Add("b");
            Assert.That(log, Is.Empty);
        });
        Assert.That(log, Has.Count.EqualTo(2 * Tiles.Length + 1).And.All.StartsWith("b"));
    }

    [Test]
    public void WorkPutOff_IsDoneTileByTile_InItsOrder_TheEndingsAfterAllTiles()
    {
        work.PuttingOff(() =>
        {
            Add("a");
            Add("b");
        });
        Assert.That(log[..4], Is.EqualTo(new[] { "a 0 0", "b 0 0", "a 0 1", "b 0 1" }));
        Assert.That(log[^2..], Is.EqualTo(new[] { "a ends", "b ends" }));
    }

    [Test]
    public void Groups_AreWorkedOnOneAfterTheOther()
    {
        work.InGroups(1, () =>
        {
            Add("a");
            Assert.That(work.Active.Count, Is.EqualTo(1));
            work.InGroups(1, () => Add("b"));
        });
        Assert.That(work.Active, Is.EqualTo(new ReplicaRange(0, 2)));
        string[] OfReplica(int replica) =>
            [.. Tiles.Index().SelectMany(tile => new[] { $"a {replica} {tile.Index}", $"b {replica} {tile.Index}" }), "a ends", "b ends"];
        Assert.That(log, Is.EqualTo(OfReplica(0).Concat(OfReplica(1))));
    }

    [Test]
    public void AGroupThatThrows_LeavesAllReplicasActive()
    {
        Assert.Throws<InvalidOperationException>(() => work.InGroups(1, () => throw new InvalidOperationException()));
        Assert.That(work.Active, Is.EqualTo(new ReplicaRange(0, 2)));
    }

    [Test]
    public void Claim_ByAnOwnerWhoseWorkIsPutOff_DoesItFirst()
    {
        object owner = new(), other = new();
        work.PuttingOff(() =>
        {
            work.Claim(owner);
            Add("a");
            work.Claim(other);
            Assert.That(log, Is.Empty);
            work.Claim(owner);
            Assert.That(log, Has.Count.EqualTo(2 * Tiles.Length + 1));
            work.Claim(owner);
        });
    }

    [Test]
    public void Evaluation_IsPutOff_UntilMoreWorkIsSaid()
    {
        Await();
        Assert.That(log, Is.EqualTo(new[] { "evaluated" }), "at once where nothing is put off");
        foreach (var (what, more) in new (string, Action)[]
        {
            ("work", () => Add("b")), ("a claim", () => work.Claim(this)), ("need", work.Do), ("another evaluation", Await),
            ("the end", () => { }),
        })
        {
            log.Clear();
            work.PuttingOff(() =>
            {
                Add("a");
                Await();
                Assert.That(work.Awaits, Is.True, what);
                Assert.That(log, Is.Empty, what);
                more();
            });
            Assert.That(work.Awaits, Is.False, what);
            Assert.That(log[..(2 * Tiles.Length + 2)], Is.EqualTo(WholeOf("a").Append("evaluated")), what);
        }
    }

    [Test]
    public void WorkBeforeAnEvaluation_IsDoneBeforeIt_AndItIsStillPutOff()
    {
        work.PuttingOff(() =>
        {
            Await();
            work.BeforeAwaited(() => Add("a"));
            Assert.That(work.Awaits, Is.True);
            Assert.That(log, Is.Empty);
        });
        Assert.That(log, Is.EqualTo(WholeOf("a").Append("evaluated")));
    }

    [Test]
    public void Evaluation_ThatIsWithdrawn_OrWhoseBodyThrows_IsNotDone()
    {
        work.PuttingOff(() =>
        {
            Assert.That(work.Withdraw(), Is.False);
            Await();
            Assert.That(work.Withdraw(), Is.True);
            Assert.That(work.Awaits, Is.False);
        });
        Assert.That(
            () => work.PuttingOff(() =>
            {
                Await();
                throw new InvalidOperationException();
            }),
            Throws.InvalidOperationException);
        work.Do();
        Assert.That(log, Is.Empty);
    }

    [Test]
    public void Body_ThatThrows_LeavesNothingToDo()
    {
        Assert.That(
            () => work.PuttingOff(() =>
            {
                Add("a");
                throw new InvalidOperationException();
            }),
            Throws.InvalidOperationException);
        work.Do();
        Assert.That(log, Is.Empty);
        Add("b");
        Assert.That(log, Is.Not.Empty);
    }

    private void Await() => work.Await(() =>
    {
        work.Do();
        log.Add("evaluated");
    });

    private static IEnumerable<string> WholeOf(string name) =>
        [.. Enumerable.Range(0, 2).SelectMany(replica => Tiles.Select((_, index) => $"{name} {replica} {index}")), $"{name} ends"];

    private void Add(string name) => work.ForEachTile((replica, in _, index) => log.Add($"{name} {replica} {index}"), () => log.Add($"{name} ends"));
}
