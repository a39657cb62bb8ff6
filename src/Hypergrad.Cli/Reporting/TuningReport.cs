namespace Hypergrad.Cli.Reporting;

/// <summary>Everything the page of one tuning run says. A part that is empty or null is left out of the page.</summary>
internal sealed record TuningReport
{
    public required string Title { get; init; }

    /// <summary>The exact command line that reproduces the run.</summary>
    public required string CommandLine { get; init; }

    public required string Version { get; init; }

    public required DateTimeOffset Date { get; init; }

    /// <summary>The unit of every loss: "nats" for cross-entropy, empty for the squared loss.</summary>
    public string LossUnit { get; init; } = "nats";

    /// <summary>One or two sentences below the title.</summary>
    public string? Summary { get; init; }

    public IReadOnlyList<ReportNote> Notes { get; init; } = [];

    public IReadOnlyList<HeadlineFigure> Headlines { get; init; } = [];

    /// <summary>Null for methods that do not reverse training.</summary>
    public ReversalFigures? Reversal { get; init; }

    public double? Seconds { get; init; }

    /// <summary>Other facts beside the reversal, such as the cost of one hypergradient in training runs.</summary>
    public IReadOnlyList<NamedValue> Facts { get; init; } = [];

    public IReadOnlyList<MetaLearningPoint> MetaLearning { get; init; } = [];

    /// <summary>The meta-step whose hyperparameters were kept, that of the lowest validation loss; null when it is not known.</summary>
    public int? BestMetaStep { get; init; }

    public ElementaryCurves? ElementaryLearning { get; init; }

    public IReadOnlyList<ScheduleGroup> Schedules { get; init; } = [];

    public IReadOnlyList<ValueChangeGroup> Values { get; init; } = [];

    /// <summary>Hyperparameters without a schedule that are too many to be drawn one by one.</summary>
    public IReadOnlyList<ValueDistribution> Distributions { get; init; } = [];

    /// <summary>Hyperparameters that are a number for every example and class.</summary>
    public IReadOnlyList<ExampleMatrix> Matrices { get; init; } = [];

    public IReadOnlyList<ImageGroup> Images { get; init; } = [];

    /// <summary>How the kept model classifies each part that it was not trained on.</summary>
    public IReadOnlyList<Confusion> Confusions { get; init; } = [];

    /// <summary>The examples of each of these parts at which the kept model does worst.</summary>
    public IReadOnlyList<WorstExamples> WorstExamples { get; init; } = [];

    /// <summary>A baseline at equal cost; null where none was asked for.</summary>
    public BaselineComparison? Baseline { get; init; }

    public IReadOnlyList<NamedValue> Configuration { get; init; } = [];

    /// <summary>The file beside the page that holds every number in full, such as "result.json".</summary>
    public string? NumbersFile { get; init; }
}
