using Hypergrad.Runs;

namespace Hypergrad.Backends;

/// <summary>How much memory the passes over a network take in a run, and evaluations that are kept, worked out from sizes.</summary>
internal interface IPassMemory
{
    /// <summary>Bytes of the passes, and of the gradients of parts of a minibatch, while a run is gone back over.</summary>
    double Bytes { get; }

    /// <summary>The same of a run that is only trained.</summary>
    double TrainingBytes { get; }

    /// <summary>Of which of the last steps a budget keeps the evaluations, so that it saves the most.</summary>
    /// <param name="budget">Bytes.</param>
    KeptSteps StepsWithin(double budget);

    /// <summary>Of what a step saves whose whole evaluation is kept, about the share that one saves whose values are.</summary>
    double ValuesShare { get; }

    /// <summary>The bytes that it takes to keep the evaluations of steps.</summary>
    /// <param name="steps">Which.</param>
    double BytesOf(KeptSteps steps);

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
