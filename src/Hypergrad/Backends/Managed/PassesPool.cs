using System.Numerics;
using Hypergrad.Backends.Managed.Operations;
using Hypergrad.Networks;

namespace Hypergrad.Backends.Managed;

/// <summary>Passes that are made when they are first needed, and whose evaluation each of them holds.</summary>
/// <param name="network">The network.</param>
/// <param name="capacity">The most examples a batch will have.</param>
/// <param name="team">Who computes them.</param>
/// <param name="seed">The run's seed.</param>
/// <param name="places">How many there are at most.</param>
/// <param name="threads">Threads that use them: tangents are had by a thread at a time, and each has room for them.</param>
/// <param name="joins">Whether they take tangents together with what these are of: adjoints do not last then.</param>
internal sealed class PassesPool<T>(
    Network network, int capacity, Team<T> team, ulong seed, int places, int threads, bool joins) : IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly AdjointPlaces adjoints = new(network.Program);
    private readonly NetworkPasses<T>?[] passes = new NetworkPasses<T>?[places];
    private readonly ManagedValue<T>[]?[] tangents = new ManagedValue<T>[]?[threads];
    private readonly EvaluationKey?[] held = new EvaluationKey?[places];

    /// <summary>Passes, for an evaluation that they will hold.</summary>
    /// <param name="place">Which.</param>
    /// <param name="evaluation">Which evaluation; null for one that is not gone on with.</param>
    public NetworkPasses<T> For(int place, EvaluationKey? evaluation = null)
    {
        held[place] = evaluation;
        return passes[place] ??= new(network, capacity, team, seed, joins ? Lasting.Nothing : Lasting.All, joins ? adjoints : null);
    }

    /// <summary>The passes at a place if they still hold an evaluation, or else null.</summary>
    /// <param name="place">Which.</param>
    /// <param name="evaluation">Which evaluation.</param>
    public NetworkPasses<T>? Holding(int place, EvaluationKey evaluation) => held[place] == evaluation ? passes[place] : null;

    /// <summary>Others, whose evaluation is to be kept.</summary>
    /// <param name="rows">The most examples a batch will have, no more than of these.</param>
    /// <param name="lasting">What is kept of it.</param>
    public NetworkPasses<T> New(int rows, Lasting lasting) => new(network, rows, team, seed, lasting, null);

    /// <summary>Lends passes what they have no room of their own for.</summary>
    /// <param name="borrower">The passes.</param>
    /// <param name="worker">The thread that they are about to be used on, of what is lent the only user.</param>
    public void LendTo(NetworkPasses<T> borrower, int worker)
    {
        if (borrower.Lasting == Lasting.Values)
            borrower.BorrowInputAndAdjoints(For(worker));
        borrower.BorrowTangents(tangents[worker] ??= ManagedValue<T>.Of(network.Program, capacity, adjoints));
    }

    public void Dispose()
    {
        foreach (var network in passes)
            network?.Dispose();
        foreach (var room in tangents)
            foreach (var value in room ?? [])
                value.Dispose();
    }
}

/// <summary>An evaluation of the gradient over a microbatch.</summary>
/// <param name="Session">Whose.</param>
/// <param name="Number">The how manieth of the session.</param>
/// <param name="Lane">Of which microbatch.</param>
internal readonly record struct EvaluationKey(object Session, long Number, int Lane);
