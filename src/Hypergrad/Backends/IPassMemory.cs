using Hypergrad.Runs;

namespace Hypergrad.Backends;

/// <summary>How much memory the passes over a network take in a run, and evaluations that are kept, worked out from sizes.</summary>
internal interface IPassMemory
{
    /// <summary>Bytes of the passes, and of the gradients of parts of a minibatch, while a run is gone back over.</summary>
    double Bytes { get; }

    /// <summary>The same of a run that is only trained.</summary>
    double TrainingBytes { get; }

    /// <summary>For how many of the last steps a budget keeps the evaluations.</summary>
    /// <param name="budget">Bytes.</param>
    int StepsWithin(double budget);

    /// <summary>The budget that keeps the evaluations of so many steps, in bytes.</summary>
    /// <param name="steps">Steps.</param>
    double BudgetFor(int steps);

    /// <summary>That of a run on a backend; of one that does not say, about what it is on the managed backend.</summary>
    /// <param name="backend">The backend.</param>
    /// <param name="run">The run.</param>
    /// <param name="precision">The floating-point type.</param>
    static IPassMemory Of(IBackend backend, RawRun run, Precision precision) =>
        (backend as IKnowsPassMemory ?? (IKnowsPassMemory)Backend.Managed).PassMemoryOf(run, precision);
}

/// <summary>A backend that knows beforehand how much memory its passes will take.</summary>
internal interface IKnowsPassMemory
{
    /// <summary>That of a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="precision">The floating-point type.</param>
    IPassMemory PassMemoryOf(RawRun run, Precision precision);
}
