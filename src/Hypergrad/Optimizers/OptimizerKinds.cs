using Hypergrad.Hyperparameters;

namespace Hypergrad.Optimizers;

/// <summary>The optimizers that files and options can name, each as it is when nothing else is said of it.</summary>
public static class OptimizerKinds
{
    /// <summary>All of them; the first is the one that is taken when none is named.</summary>
    public static IReadOnlyList<Optimizer> All { get; } =
    [
        new Momentum { LearningRate = Schedule.Constant(Sharing.All, 0.1), Coefficient = Schedule.Constant(Sharing.All, 0.5) },
        new AdamW { LearningRate = Schedule.Constant(Sharing.All, 0.003) },
        new Nesterov { LearningRate = Schedule.Constant(Sharing.All, 0.1), Coefficient = Schedule.Constant(Sharing.All, 0.9) },
    ];

    /// <summary>Them by name.</summary>
    public static IReadOnlyDictionary<string, Optimizer> ByName { get; } = All.ToDictionary(optimizer => optimizer.Name);
}
