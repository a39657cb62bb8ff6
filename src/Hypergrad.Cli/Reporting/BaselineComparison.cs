namespace Hypergrad.Cli.Reporting;

/// <summary>What another way to find hyperparameters led to at the same cost.</summary>
/// <param name="Name">What it is, such as "random search".</param>
/// <param name="Trainings">How many trainings it made, as many as the tuning cost.</param>
/// <param name="HowCounted">How the cost of the tuning was counted, in words.</param>
internal sealed record BaselineComparison(string Name, int Trainings, string HowCounted)
{
    /// <summary>The hyperparameters of its best training, in words; null where all diverged.</summary>
    public string? Best { get; init; }

    /// <summary>How many of its trainings diverged.</summary>
    public int Diverged { get; init; }

    /// <summary>The figures: before, those of its best training; after, those of the tuning.</summary>
    public IReadOnlyList<HeadlineFigure> Figures { get; init; } = [];

    /// <summary>Its lowest validation loss after so many trainings.</summary>
    public IReadOnlyList<CurvePoint> Curve { get; init; } = [];

    /// <summary>That of the tuning, likewise.</summary>
    public IReadOnlyList<CurvePoint> TuningCurve { get; init; } = [];
}
