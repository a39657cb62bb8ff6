using Hypergrad.Experiments.Running;
using Hypergrad.Hypergradients;
using Hypergrad.Hyperparameters;
using Hypergrad.MetaOptimization;
using Hypergrad.Optimizers;
using Hypergrad.Runs;

namespace Hypergrad.Experiments.Papers;

/// <summary>Initial scales tuned together with the schedules, and how the scales moved.</summary>
/// <param name="Learned">The run with what was learned.</param>
/// <param name="Path">The scales before each meta-step and in the end, one for each tensor.</param>
/// <param name="First">How the start did.</param>
/// <param name="Last">How the learned run does.</param>
internal sealed record ScaleDescent(TrainingRun Learned, IReadOnlyList<double[]> Path, Judgement First, Judgement Last)
{
    /// <summary>The scale learned for the weights of the first layer, over 1/√fan-in.</summary>
    public double Ratio => Path[^1][0] * Math.Sqrt(Learned.Network.InputSize);

    /// <summary>Descends from the paper's start, by Adam.</summary>
    /// <param name="laboratory">Of which size, with which seed.</param>
    /// <param name="data">On what.</param>
    /// <param name="metaSteps">How many meta-steps.</param>
    /// <param name="isFresh">Whether each meta-step has initial weights and minibatches of its own, or all have the same.</param>
    public static ScaleDescent Run(Laboratory laboratory, ImageSplit data, int metaSteps, bool isFresh)
    {
        int steps = PaperNetwork.Steps(laboratory);
        var run = PaperNetwork.Run(laboratory, data.Train, new Momentum
        {
            LearningRate = Schedule.PerStep(steps, Sharing.Tensor, Math.Exp(-1)),
            Coefficient = Schedule.PerStep(steps, Sharing.Tensor, 0.5),
        }, Scale.Per(Sharing.Tensor, Math.Exp(-3)));
        var optimizer = new Adam(0.04);
        OptimizerState? state = null;
        var first = RandomSearch.Judge(run, data.Validation, data.Test);
        var path = new List<double[]> { Scales(run) };
        for (int metaStep = 0; metaStep < metaSteps; metaStep++)
        {
            if (isFresh)
                run = run with { Seed = laboratory.Seed + 1 + (ulong)metaStep };
            run = run.With(optimizer.Step(Hypergradient.Exact(run, data.Validation), ref state));
            path.Add(Scales(run));
        }
        run = run with { Seed = laboratory.Seed };
        return new(run, path, first, RandomSearch.Judge(run, data.Validation, data.Test));
    }

    /// <summary>
    /// The mean validation loss over seeds where the first layer's weights start at some multiples of 1/√fan-in, the others at the rule,
    /// and learning rate and momentum are the start's.
    /// </summary>
    public static double[] Scan(Laboratory laboratory, ImageSplit data, double[] multiples, int seeds)
    {
        double LossAt(double multiple, int seed)
        {
            var run = PaperNetwork.Run(laboratory with { Seed = laboratory.Seed + (ulong)seed }, data.Train,
                PaperNetwork.Constant(laboratory, Math.Exp(-1), 0.5), Scale.PerFanIn(Sharing.Tensor, 1).Fixed());
            double[] values = Enumerable.Repeat(1.0, run.Network.Tensors.Count).ToArray();
            values[0] = multiple;
            var scaled = run.With(run.Hyperparameters! with { InitialScale = run.Hyperparameters.InitialScale with { Values = values } });
            return RandomSearch.TryJudge(scaled, data.Validation, data.Validation).Validation;
        }
        return [.. multiples.Select(multiple => Enumerable.Range(0, seeds).Average(seed => LossAt(multiple, seed)))];
    }

    private static double[] Scales(TrainingRun run) => run.Hyperparameters!.InitialScale.Values!;
}
