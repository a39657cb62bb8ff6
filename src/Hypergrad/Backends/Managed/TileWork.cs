namespace Hypergrad.Backends.Managed;

/// <summary>What is done to one tile of one replica; the tile comes with its number.</summary>
internal delegate void TileAction(int replica, in WeightTile tile, int index);

/// <summary>
/// Elementwise work on the weights, tile by tile. Between two products of a step it is put off and then done in one pass over memory: all
/// of it to one tile while that is in the cache, and then to the next, with one fork and join. So an algorithm says one thing after the
/// other, and each array is read and written once. A body may also be run for a few replicas at a time, whose states stay in the cache.
/// </summary>
internal sealed class TileWork
{
    private readonly WeightTile[] tiles;
    private readonly int replicas;
    private readonly Workers workers;
    private readonly List<TileAction> actions = [];
    private readonly List<Action> endings = [];
    private readonly HashSet<object> owners = [];
    private readonly Action<int> doAll;
    private Action? awaited;
    private bool putsOff;

    public TileWork(WeightTile[] tiles, int replicas, Workers workers)
    {
        (this.tiles, this.replicas, this.workers) = (tiles, replicas, workers);
        Active = new(0, replicas);
        doAll = DoAll;
    }

    /// <summary>The replicas that work is done to now: all of them, or those of a group.</summary>
    public ReplicaRange Active { get; private set; }

    /// <summary>The tiles of a replica.</summary>
    public int Tiles => tiles.Length;

    /// <summary>The tiles of all replicas.</summary>
    public int Count => replicas * tiles.Length;

    /// <summary>Does something to every tile of every active replica, in any order, at once or when it is needed.</summary>
    /// <param name="action">It reads and writes numbers of its tile alone.</param>
    /// <param name="ending">What is done once, after all tiles.</param>
    public void ForEachTile(TileAction action, Action? ending = null)
    {
        Settle();
        actions.Add(action);
        if (ending is not null)
            endings.Add(ending);
        if (!putsOff)
            Do();
    }

    /// <summary>
    /// Puts off an evaluation that comes after all work so far until more work is said or what was put off is needed, so that another
    /// evaluation can be joined with it.
    /// </summary>
    public void Await(Action evaluation)
    {
        Settle();
        awaited = evaluation;
        if (!putsOff)
            Settle();
    }

    /// <summary>Whether an evaluation is still put off.</summary>
    public bool Awaits => awaited is not null;

    /// <summary>
    /// Says work that comes before the evaluation that is put off: it neither reads what that writes nor changes what that reads.
    /// </summary>
    public void BeforeAwaited(Action body)
    {
        var evaluation = awaited;
        awaited = null;
        body();
        awaited = evaluation;
    }

    /// <summary>Takes the evaluation back that is still put off, if one is: whoever does so does it.</summary>
    public bool Withdraw()
    {
        bool awaits = Awaits;
        awaited = null;
        return awaits;
    }

    /// <summary>
    /// Called by whoever is about to change what its own actions read besides the tiles, such as the coefficients of a step: actions of
    /// its that were put off are done first.
    /// </summary>
    public void Claim(object owner)
    {
        Settle();
        if (!owners.Add(owner))
        {
            DoActions();
            owners.Add(owner);
        }
    }

    /// <summary>Does what was put off.</summary>
    public void Do()
    {
        Settle();
        DoActions();
    }

    /// <summary>
    /// Runs a body for one group of replicas after the other, its work on tiles put off. Within such a body, or another that puts off, it
    /// is run once, for the replicas that are active there.
    /// </summary>
    /// <param name="size">Replicas of a group.</param>
    /// <param name="body">Work on the replicas that are active.</param>
    public void InGroups(int size, Action body)
    {
        if (putsOff)
        {
            body();
            return;
        }
        try
        {
            for (int first = 0; first < replicas; first += size)
            {
                Active = new(first, Math.Min(replicas, first + size));
                PuttingOff(body);
            }
        }
        finally
        {
            Active = new(0, replicas);
        }
    }

    /// <summary>Runs a body whose work on tiles is put off until it is needed, or the body ends. If it throws, it is forgotten.</summary>
    public void PuttingOff(Action body)
    {
        if (putsOff)
        {
            body();
            return;
        }
        putsOff = true;
        try
        {
            body();
            Do();
        }
        finally
        {
            putsOff = false;
            awaited = null;
            Forget();
        }
    }

    private void Settle()
    {
        if (awaited is not { } evaluation)
            return;
        awaited = null;
        evaluation();
    }

    private void DoActions()
    {
        // Nothing is written then: several threads may read vectors at a time.
        if (actions.Count == 0)
            return;
        workers.For(Active.Count * tiles.Length, doAll);
        foreach (var ending in endings)
            ending();
        Forget();
    }

    private void DoAll(int item)
    {
        int replica = Active.First + item / tiles.Length, index = item % tiles.Length;
        foreach (var action in actions)
            action(replica, in tiles[index], index);
    }

    private void Forget()
    {
        actions.Clear();
        endings.Clear();
        owners.Clear();
    }
}
