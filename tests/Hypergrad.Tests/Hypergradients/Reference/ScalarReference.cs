using Hypergrad.Hyperparameters;
using Hypergrad.Tests.Runs;

namespace Hypergrad.Tests.Hypergradients.Reference;

/// <summary>A whole training run unrolled on a tape, and everything that the validation loss at its end depends on
/// differentiated.</summary>
internal sealed record ScalarReference(double ValidationLoss, double[] TrainingLosses, double[] FinalWeights, RawGradient Gradient)
{
    public static ScalarReference Of(SmallRun run)
    {
        var tape = new Tape();
        var (learningRate, momentum) = (tape.Inputs(run.LearningRate), tape.Inputs(ReferenceRun.MomentaOf(run)));
        var (start, startVelocity) = (tape.Inputs(run.InitialWeights), tape.Inputs(run.InitialWeights.Select(_ => 0.0)));
        var training = new ReferenceRun(run, tape);

        Variable[] w = start, v = startVelocity;
        var losses = new double[run.Steps];
        for (int t = 0; t < run.Steps; t++)
        {
            (var g, losses[t]) = training.At(t, w);
            v = [.. v.Select((velocity, j) =>
                momentum[training.MomentumAt(t, j)] * velocity - (1 - momentum[training.MomentumAt(t, j)]) * g[j])];
            w = [.. w.Select((weight, j) => weight + learningRate[training.RateAt(t, j)] * v[j])];
        }

        var loss = training.ValidationLoss(w);
        double[] adjoints = tape.Differentiate(loss);
        double[] Of(Variable[] variables) => [.. variables.Select(variable => adjoints[variable.Index])];
        return new(loss.Value, losses, [.. w.Select(weight => weight.Value)], new()
        {
            LearningRate = Of(learningRate),
            Momentum = Of(momentum),
            InitialWeights = Of(start),
            InitialVelocity = Of(startVelocity),
            L2 = Of(training.L2),
            L1 = Of(training.L1),
            Inputs = Of(training.Inputs),
            Targets = Of(training.Targets),
            ExampleWeights = Of(training.ExampleWeights),
        });
    }
}
