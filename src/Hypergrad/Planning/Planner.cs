using System.Diagnostics;
using System.Globalization;
using Hypergrad.Backends;
using Hypergrad.Data;
using Hypergrad.Hypergradients;
using Hypergrad.Hyperparameters;
using Hypergrad.Runs;
using Hypergrad.Trajectories;

namespace Hypergrad.Planning;

/// <summary>Makes a <see cref="RunPlan"/>: which methods there are within the memory, what each does, and how long that takes.</summary>
internal sealed class Planner
{
    // How often a run looks at itself: about twenty times.
    private const int Landmarks = 20;

    private readonly TrainingRun stated;
    private readonly RawRun run;
    private readonly Dataset validation;
    private readonly PlanOptions options;
    private readonly IBackend backend;
    private readonly Quantity[] quantities;
    private readonly double memory;
    private readonly RunMemory needed;
    private readonly RunWork work;

    public Planner(TrainingRun stated, Dataset validation, PlanOptions options)
    {
        (this.stated, this.validation, this.options) = (stated, validation, options);
        run = stated.Lower();
        run.Validate();
        backend = options.Backend ?? Backend.Best();
        quantities = [.. options.Quantities ?? stated.Hyperparameters?.TunedQuantities ?? run.Quantities];
        memory = options.Memory ?? MemoryLimit.Available;
        needed = new(run, quantities, options.Precision, backend);
        work = new(run, quantities, options.Precision);
    }

    public RunPlan Make()
    {
        MethodPlan[] candidates = [.. Candidates()];
        HypergradientMethod[] valid = [.. candidates.Where(candidate => candidate.IsPossible).Select(candidate => candidate.Method)];
        if (valid.Length == 0)
            throw new ConfigurationException($"No method can be used for this run. {candidates[0].WhyNot}");
        RequireCalibration(valid);
        var clock = Stopwatch.StartNew();
        var calibration = Calibration.Measure(
            stated, run, validation, quantities, steps => [.. valid.Select(method => ForFewSteps(method, steps))], backend, options);
        var took = clock.Elapsed;
        var measured = new MeasuredMethods(valid, calibration);
        MethodPlan[] plans = [.. candidates.Select(candidate => candidate.IsPossible ? Complete(candidate, measured) : candidate)];
        return new()
        {
            Run = stated,
            Backend = backend,
            Methods = plans,
            Choice = plans.Where(plan => plan.IsPossible && plan.Method.IsExact && double.IsFinite(plan.Seconds))
                .MinBy(plan => plan.Seconds),
            Memory = memory,
            Calibrated = [.. Kinds(measured)],
            CalibrationSteps = calibration.Steps,
            CalibrationTime = took,
        };
    }

    // Where not even a single step fits, nothing can be measured here, and there is nothing to choose.
    private void RequireCalibration(HypergradientMethod[] methods)
    {
        if (backend.Name == "cuda")
            return;
        var least = methods.MinBy(needed.Estimate)!;
        try
        {
            TrainingMemory.Require(ShortRun.Of(run, 1), options.Precision, backend);
        }
        catch (MemoryException)
        {
            needed.Require(least);
            throw;
        }
    }

    private IEnumerable<MethodPlan> Candidates()
    {
        yield return Candidate(new StoredMethod());
        yield return Candidate(new ReversibleMethod());
        yield return Candidate(ReversibleWithMemory());
        yield return Candidate(Checkpointed());
        yield return Candidate(new DrMadMethod());
    }

    // A method with settings of its own stands for its kind: a reversible one with a budget is the one with memory.
    private MethodPlan Candidate(HypergradientMethod method)
    {
        if (options.Method is { } own && own.GetType() == method.GetType()
            && (own is not ReversibleMethod mine || mine.MemoryBudget is null == ((ReversibleMethod)method).MemoryBudget is null))
            method = own;
        var plan = new MethodPlan(method, Describe(method));
        try
        {
            method.Validate(run);
            if (method is CheckpointedMethod checkpointed)
                _ = checkpointed.SnapshotsFor(run, options.Precision);
        }
        catch (ConfigurationException exception)
        {
            return plan with { WhyNot = exception.Message };
        }
        if (method is ReversibleMethod { MemoryBudget: not null } && KeptSteps(method).Count == 0)
            return plan with { WhyNot = "The memory that is left holds the evaluation of not one step. Give more with --memory." };
        return plan;
    }

    // What the reversible method leaves of the memory, or as much as there is to keep.
    private ReversibleMethod ReversibleWithMemory()
    {
        double left = memory - needed.Estimate(new ReversibleMethod());
        return new() { MemoryBudget = (long)Math.Clamp(left, 0, needed.BudgetFor(run.Steps)) };
    }

    private CheckpointedMethod Checkpointed()
    {
        var byDefault = new CheckpointedMethod();
        double one = needed.SnapshotBytes;
        double others = needed.Estimate(new CheckpointedMethod { Snapshots = 1 }) - 2 * one;
        double fitting = Math.Floor((memory - others) / one) - 1;
        bool fits = fitting >= byDefault.SnapshotsFor(run, options.Precision);
        return options.Memory is null && fits
            ? byDefault
            : byDefault with { Snapshots = (int)Math.Clamp(fitting, 1, run.Steps) };
    }

    private string Describe(HypergradientMethod method) => method switch
    {
        ReversibleMethod { MemoryBudget: { } budget } => $"{method.Name}, {MemoryLimit.Text(budget)} for evaluations",
        CheckpointedMethod { MemoryBudget: { } budget } => $"{method.Name}, {MemoryLimit.Text(budget)} for snapshots",
        CheckpointedMethod checkpointed => string.Create(
            CultureInfo.InvariantCulture, $"{method.Name}, {checkpointed.SnapshotsFor(run, options.Precision)} snapshots"),
        DrMadMethod { ReverseSteps: { } steps } => $"{method.Name}, {steps} reverse steps",
        _ => method.Name,
    };

    private KeptSteps KeptSteps(HypergradientMethod method) =>
        method is ReversibleMethod { MemoryBudget: { } budget } ? needed.KeptSteps(budget) : default;

    // As many steps with their whole evaluation kept as save what these do.
    private double WholeSteps(KeptSteps kept) => kept.Whole + needed.ValuesShare * kept.Values;

    // The method as it is timed over a few steps.
    private HypergradientMethod ForFewSteps(HypergradientMethod method, int steps) => method switch
    {
        ReversibleMethod { MemoryBudget: not null } => new ReversibleMethod
        {
            MemoryBudget = (long)Math.Ceiling(needed.BudgetFor(steps)),
            VerifyEvery = steps,
        },
        ReversibleMethod => new ReversibleMethod { VerifyEvery = steps },
        CheckpointedMethod => new CheckpointedMethod { Snapshots = Math.Max(1, steps / 2) },
        DrMadMethod { ReverseSteps: not null } => new DrMadMethod { ReverseSteps = 1 },
        DrMadMethod => new DrMadMethod(),
        _ => method,
    };

    private MethodPlan Complete(MethodPlan plan, MeasuredMethods measured)
    {
        var completed = plan with
        {
            Work = WorkOf(plan.Method),
            Memory = needed.Estimate(plan.Method),
            Seconds = SecondsOf(plan.Method, measured),
        };
        return completed.Memory <= memory
            ? completed
            : completed with { WhyNot = $"It takes {MemoryLimit.Text(completed.Memory)}, and there are {MemoryLimit.Text(memory)}." };
    }

    private WorkCount WorkOf(HypergradientMethod method)
    {
        int steps = run.Steps;
        var sweep = work.Tangent + work.Sweep;
        var both = steps * (work.Gradient + sweep) + work.Evaluation(validation);
        switch (method)
        {
            case ReversibleMethod:
                var kept = KeptSteps(method);
                return both + steps * (work.ExactUpdate + work.Undoing) + (steps - WholeSteps(kept)) * work.Gradient
                    + kept.Whole * work.Recollection;
            case CheckpointedMethod checkpointed:
                var (again, saves) = Recomputation.Of(steps, checkpointed.SnapshotsFor(run, options.Precision));
                return both + (steps + again) * work.Update + (steps + again) * work.Gradient + (saves + 3 * steps) * work.Snapshot;
            case DrMadMethod drMad:
                int reverse = drMad.ReverseSteps ?? steps;
                return steps * (work.Gradient + work.Update + work.Sweep) + work.Evaluation(validation)
                    + reverse * (work.Gradient + work.Tangent + work.Snapshot);
            default:
                return both + steps * (work.Update + work.Gradient) + 2 * steps * work.Snapshot;
        }
    }

    // NaN where the method, or one that it is put together from, could not be measured.
    private double SecondsOf(HypergradientMethod method, MeasuredMethods measured)
    {
        int steps = run.Steps, interval = Math.Max(1, steps / Landmarks);
        var (times, calibration) = (measured[method], measured.Calibration);
        // Twice: the quantities are written out before, and what was drawn for them is drawn again to pull their gradient back.
        double once = times.Open + times.Evaluate + 2 * calibration.Results
            + (Times(steps, interval) + 1) * calibration.Watch;
        switch (method)
        {
            case ReversibleMethod reversible:
                var plain = measured.First<ReversibleMethod>();
                double kept = WholeSteps(KeptSteps(method));
                // A hash at a landmark, one where it is met again, and the comparison with the start; one of each is in what is done once.
                double hashes = 2 * (Times(steps, reversible.VerifyEvery ?? interval) - 1);
                return once + hashes * calibration.Hash
                    + (steps - kept) * (plain.Train + plain.Sweep) + kept * (times.Train + times.Sweep);
            case CheckpointedMethod checkpointed:
                var (again, saves) = Recomputation.Of(steps, checkpointed.SnapshotsFor(run, options.Precision));
                double save = Math.Max(0, measured.First<StoredMethod>().Train - calibration.TrainingStep);
                return once + (steps + again) * calibration.TrainingStep + steps * times.Sweep + saves * save;
            case DrMadMethod { ReverseSteps: { } reverse }:
                // Measured in one block of all steps, which multiplies by the Hessian once; a further block costs a reverse step.
                return once + steps * (times.Train + times.Sweep) + (reverse - 1) * measured.First<StoredMethod>().Sweep;
            default:
                return once + steps * (times.Train + times.Sweep);
        }
    }

    private static int Times(int steps, int interval) => (steps + interval - 1) / interval;

    private IEnumerable<KindOfWork> Kinds(MeasuredMethods measured)
    {
        var sweep = work.Gradient + work.Tangent + work.Sweep;
        yield return new("a step of training", work.Gradient + work.Update, measured.Calibration.TrainingStep);
        foreach (var method in measured.Methods)
        {
            var times = measured[method];
            if (double.IsNaN(times.Sweep))
                continue;
            switch (method)
            {
                case StoredMethod:
                    yield return new("a step, its state stored", work.Gradient + work.Update + work.Snapshot, times.Train);
                    yield return new("a reverse step from a stored state", sweep + work.Snapshot, times.Sweep);
                    yield return new("the validation loss and its gradient", work.Evaluation(validation), times.Evaluate);
                    break;
                case ReversibleMethod { MemoryBudget: null }:
                    yield return new("a step in exact arithmetic", work.Gradient + work.ExactUpdate, times.Train);
                    yield return new("a reverse step, undone", sweep + work.Undoing, times.Sweep);
                    break;
                case ReversibleMethod:
                    yield return new("a reverse step, undone, its evaluation kept",
                        work.Tangent + work.Sweep + work.Undoing + work.Recollection, times.Sweep);
                    break;
                case DrMadMethod { ReverseSteps: null }:
                    yield return new("a reverse step on a line", sweep + work.Snapshot, times.Sweep);
                    break;
            }
        }
    }
}
