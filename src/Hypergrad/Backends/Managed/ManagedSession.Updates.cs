using Hypergrad.Backends.Managed.Updates;
using Hypergrad.Optimizers;

namespace Hypergrad.Backends.Managed;

/// <summary>The updates of a session's optimizer in floating point: done, and pulled back.</summary>
internal sealed unsafe partial class ManagedSession<T>
{
    private UpdateKernel<T>[] kernels = null!;

    public void Advance(Step step)
    {
        Prepare<Drift>(step);
        Prepare<Kick>(step);
        Prepare<Decay>(step);
        work.ForEachTile((replica, in tile, _) =>
        {
            for (int i = 0; i < kernels.Length; i++)
                if (!kernels[i].Advance(replica, tile))
                    throw new TrainingDivergedException(step.Number, Run.Network.Tensors[tile.Tensor].Name,
                        $"a gradient or {Run.Optimizer.Updates[i].Target.Name} is not finite");
        });
    }

    public void PullBackDrifts(Step step, OptimizerAdjoint adjoint)
    {
        Prepare<Drift>(step);
        var (wBar, slotBars, gathered) = Of(adjoint);
        work.ForEachTile((replica, in tile, index) =>
        {
            for (int i = kernels.Length - 1; i >= 0; i--)
                if (kernels[i] is DriftKernel<T> drift)
                    drift.PullBack(replica, in tile, index, wBar, slotBars, gathered);
        }, () => Gather<Drift>(step, gathered));
    }

    public void PullBackKicks(Step step, OptimizerAdjoint adjoint, IVector direction, bool add = false)
    {
        var (wBar, slotBars, gathered) = Of(adjoint);
        var u = (ManagedVector<T>)direction;
        if (work.Awaits)
        {
            // u does not depend on g: it is had before, and the tangent along it can be evaluated together with g.
            work.BeforeAwaited(() =>
            {
                Prepare<Kick>(step);
                work.ForEachTile((replica, in tile, _) => Direct(replica, tile));
            });
            afterGradient += () => work.ForEachTile(Gather, () => Gather<Kick>(step, gathered));
            return;
        }
        Prepare<Kick>(step);
        work.ForEachTile((replica, in tile, index) =>
        {
            Gather(replica, tile, index);
            Direct(replica, tile);
        }, () => Gather<Kick>(step, gathered));

        void Direct(int replica, in WeightTile tile)
        {
            bool added = add;
            for (int i = kernels.Length - 1; i >= 0; i--)
                if (kernels[i] is KickKernel<T> kick)
                {
                    kick.Direct(replica, tile, BarOf(i, wBar, slotBars), u, added);
                    added = true;
                }
        }

        void Gather(int replica, in WeightTile tile, int index)
        {
            for (int i = kernels.Length - 1; i >= 0; i--)
                if (kernels[i] is KickKernel<T> kick)
                    kick.Gather(replica, tile, index, BarOf(i, wBar, slotBars), gathered[places[i]]);
        }
    }

    public void PullBackDecays(Step step, OptimizerAdjoint adjoint)
    {
        Prepare<Decay>(step);
        var (wBar, slotBars, gathered) = Of(adjoint);
        work.ForEachTile((replica, in tile, index) =>
        {
            for (int i = kernels.Length - 1; i >= 0; i--)
                if (kernels[i] is DecayKernel<T> decay)
                    decay.PullBack(replica, in tile, index, BarOf(i, wBar, slotBars), gathered[places[i]]);
        }, () => Gather<Decay>(step, gathered));
    }

    // Where each update's coefficients begin.
    private int[] places = null!;

    // Which slot each update writes; −1 for the weights.
    private int[] targets = null!;

    private void MakeKernels()
    {
        var optimizer = Run.Optimizer;
        places = [.. optimizer.Updates.Select(optimizer.IndexOf)];
        targets = [.. optimizer.Updates.Select(update => optimizer.IndexOf(update.Target))];
        kernels = [.. optimizer.Updates.Select((update, i) => Make(update, places[i]))];
    }

    private UpdateKernel<T> Make(Update update, int place) => update switch
    {
        Decay => new DecayKernel<T>(Of(update.Target), coefficients[place]),
        Kick kick => new KickKernel<T>(Of(update.Target), gradient, coefficients[place], kick.Function == GradientFunction.Square),
        Drift { Direction: SlotDirection along } => new SlotDriftKernel<T>(
            weights, Of(along.Slot), Run.Optimizer.IndexOf(along.Slot), coefficients, place),
        Drift { Direction: AdamDirection along } => new AdamDriftKernel<T>(
            weights, Of(along.FirstMoment), Of(along.SecondMoment),
            (Run.Optimizer.IndexOf(along.FirstMoment), Run.Optimizer.IndexOf(along.SecondMoment)), coefficients,
            (place, place + 1, place + 2, place + 3)),
        _ => throw new ConfigurationException($"The managed backend has no kernel for a {update.GetType().Name}."),
    };

    private ManagedVector<T> Of(Slot slot) => slot.IsWeights ? weights : slots[Run.Optimizer.IndexOf(slot)];

    private ManagedVector<T> BarOf(int update, ManagedVector<T> wBar, ManagedVector<T>[] slotBars) =>
        targets[update] < 0 ? wBar : slotBars[targets[update]];

    private static (ManagedVector<T> Weights, ManagedVector<T>[] Slots, ManagedCoefficientVector?[] Gathered) Of(
        OptimizerAdjoint adjoint) =>
        ((ManagedVector<T>)adjoint.Weights, [.. adjoint.Slots.Cast<ManagedVector<T>>()],
            [.. adjoint.Coefficients.Cast<ManagedCoefficientVector?>()]);

    // Takes the coefficients that the updates of a kind have at a step, of which only one step's can be had at a time.
    private void Prepare<TUpdate>(Step step)
    {
        work.Claim(typeof(TUpdate));
        foreach (int place in PlacesOf<TUpdate>())
            coefficients.Prepare(place, step.Number);
    }

    private void Gather<TUpdate>(Step step, ManagedCoefficientVector?[] gathered)
    {
        foreach (int place in PlacesOf<TUpdate>())
            gathered[place]?.Gather(step.Number);
    }

    private IEnumerable<int> PlacesOf<TUpdate>()
    {
        for (int i = 0; i < kernels.Length; i++)
            if (Run.Optimizer.Updates[i] is TUpdate)
                for (int place = places[i]; place < (i + 1 < places.Length ? places[i + 1] : Run.Optimizer.Coefficients.Count); place++)
                    yield return place;
    }
}
