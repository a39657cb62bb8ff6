using Hypergrad.Backends.Managed;
using Hypergrad.Data;
using Hypergrad.Hyperparameters;
using Hypergrad.Networks;
using Hypergrad.Optimizers;
using Hypergrad.Planning;
using Hypergrad.Runs;

namespace Hypergrad.Tests.Planning;

/// <summary>A run whose plan takes a moment: generated digits, 784-8-10, 40 training steps.</summary>
internal static class SmallPlan
{
    public static readonly ManagedBackend Backend = new(1);

    public static readonly DataSplit Digits = Hypergrad.Data.Digits.Generate(120).Split(60, 30, 30);

    public static TrainingRun Run(Optimizer? optimizer = null, int replicas = 1) => new(Network.Mlp([784, 8, 10]), Digits.Train, new()
    {
        Optimizer = optimizer ?? new Momentum
        {
            LearningRate = Schedule.PerStep(40, Sharing.Tensor, 0.1),
            Coefficient = Schedule.PerStep(40, Sharing.Tensor, 0.9),
        },
        L2 = Penalty.Per(Sharing.Weight, 1e-6),
    })
    { BatchSize = 20, Replicas = replicas };

    public static PlanOptions Options => new() { Backend = Backend, CalibrationSeconds = 0 };

    public static RunPlan Plan(TrainingRun run, PlanOptions? options = null) => RunPlan.Make(run, Digits.Validation, options ?? Options);

    public static MethodPlan Of<T>(RunPlan plan) => plan.Methods.First(method => method.Method is T);
}
