using Hypergrad.Backends;
using Hypergrad.Data;
using Hypergrad.Runs;

namespace Hypergrad.Planning;

/// <summary>
/// What the hypergradient of a run takes by each method on this machine, before it is computed: operations, bytes and memory by counting,
/// seconds from a calibration of a few seconds on the run's own shapes. It chooses the fastest exact method that fits into memory.
/// </summary>
public sealed class RunPlan
{
    internal RunPlan() { }

    /// <summary>The run.</summary>
    public required TrainingRun Run { get; init; }

    /// <summary>The backend that it was calibrated on.</summary>
    public required IBackend Backend { get; init; }

    /// <summary>Each method's plan.</summary>
    public required IReadOnlyList<MethodPlan> Methods { get; init; }

    /// <summary>The fastest exact method that can be used; null where none can.</summary>
    public required MethodPlan? Choice { get; init; }

    /// <summary>Bytes that a hypergradient may take.</summary>
    public required double Memory { get; init; }

    /// <summary>Bytes that the exact method takes that takes the least; NaN where there is none.</summary>
    public double LeastMemory => Methods.Where(plan => plan.Method.IsExact && double.IsFinite(plan.Memory)).Select(plan => plan.Memory)
        .DefaultIfEmpty(double.NaN).Min();

    /// <summary>The kinds of work of a step, and what each takes here.</summary>
    public required IReadOnlyList<KindOfWork> Calibrated { get; init; }

    /// <summary>How many steps were run at a time to calibrate.</summary>
    public required int CalibrationSteps { get; init; }

    /// <summary>How long the calibration took.</summary>
    public required TimeSpan CalibrationTime { get; init; }

    /// <summary>Makes a plan.</summary>
    /// <param name="run">The run.</param>
    /// <param name="validation">The validation set; it must fit the run's network.</param>
    /// <param name="options">Where, how precisely, and within what memory.</param>
    /// <exception cref="ConfigurationException">The run, the data or the options make no sense; the message has the remedy.</exception>
    /// <exception cref="MemoryException">Not even a single step of it fits into memory.</exception>
    /// <exception cref="TrainingDivergedException">Training diverged within the first steps.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static RunPlan Make(TrainingRun run, Dataset validation, PlanOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(run);
        options ??= new();
        if (options.Memory < 1)
            throw new ConfigurationException($"A memory of {options.Memory} bytes: a plan needs at least 1.");
        if (!(options.CalibrationSeconds >= 0 && double.IsFinite(options.CalibrationSeconds)))
            throw new ConfigurationException($"A calibration of {options.CalibrationSeconds} seconds: it must be finite and at least 0.");
        RawRun.RequireFit(run.Network, validation, "validation");
        return new Planner(run, validation, options).Make();
    }
}
