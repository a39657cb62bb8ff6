using Hypergrad.Experiments.Papers;

namespace Hypergrad.Experiments.Running;

/// <summary>All experiments, in the order of the index page.</summary>
internal static class ExperimentCatalogue
{
    public static IReadOnlyList<Experiment> All { get; } =
    [
        new SchedulesExperiment(),
        new SmoothnessExperiment(),
        new InitialScalesExperiment(),
        new PixelPenaltiesExperiment(),
        new TrainingDataExperiment(),
        new TaskSharingExperiment(),
        new NetworkSizeExperiment(),
        new SeveralDatasetsExperiment(),
        new ChaosExperiment(),
        new FieldExperiment(),
        new OverfittingExperiment(),
        new ConvolutionalExperiment(),
        new LearnedConvolutionExperiment(),
        new HyperCleaningExperiment(),
        new LanguageDataExperiment(),
    ];
}
