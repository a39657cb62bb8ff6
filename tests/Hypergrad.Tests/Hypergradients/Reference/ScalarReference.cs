using Hypergrad.Arithmetic;
using Hypergrad.Hyperparameters;
using Hypergrad.Tests.Runs;

namespace Hypergrad.Tests.Hypergradients.Reference;

/// <summary>A whole training run unrolled on a tape, and everything that the validation loss at its end depends on differentiated.</summary>
internal sealed record ScalarReference(double ValidationLoss, double[] TrainingLosses, double[] FinalWeights, RawGradient Gradient)
{
    public static ScalarReference Of(SmallRun run)
    {
        var tape = new Tape();
        var network = new ReferenceNetwork(run.Model);
        var (learningRate, momentum) = (tape.Inputs(run.LearningRate), tape.Inputs(run.Momentum.Select(m => DecayRatio.FromMomentum(m).Value)));
        var (start, startVelocity) = (tape.Inputs(run.InitialWeights), tape.Inputs(run.InitialWeights.Select(_ => 0.0)));
        var (l2, l1) = (tape.Inputs(run.L2), tape.Inputs(run.L1));
        var (x, y, omega) = (tape.Inputs(run.Inputs), tape.Inputs(run.Targets), tape.Inputs(run.ExampleWeights));
        var (rateOf, momentumOf) = (GroupsOf(run.LearningRateGrouping), GroupsOf(run.MomentumGrouping));
        int inputs = run.Model.InputSize, outputs = run.Model.OutputSize;

        Variable[] w = start, v = startVelocity;
        var losses = new double[run.Steps];
        for (int t = 0; t < run.Steps; t++)
        {
            Variable[] g = [.. w.Select(_ => tape.Input(0))];
            foreach (int example in run.Batches[t])
                losses[t] += omega[example].Value / run.Batches[t].Length * network.AddGradient(
                    w, Row(x, example, inputs), Row(y, example, outputs), 1.0 / run.Batches[t].Length * omega[example], g);
            for (int j = 0; j < w.Length; j++)
            {
                g[j] += 2 * (l2[j] * w[j]) + Math.Sign(w[j].Value) * l1[j];
                losses[t] += l2[j].Value * w[j].Value * w[j].Value + l1[j].Value * Math.Abs(w[j].Value);
            }
            int rates = run.LearningRateGrouping.Count * t, momenta = run.MomentumGrouping.Count * t;
            v = [.. v.Select((velocity, j) => momentum[momenta + momentumOf[j]] * velocity - (1 - momentum[momenta + momentumOf[j]]) * g[j])];
            w = [.. w.Select((weight, j) => weight + learningRate[rates + rateOf[j]] * v[j])];
        }

        Variable[] validationX = tape.Inputs(run.Validation.Inputs.ToArray()), validationY = tape.Inputs(run.Validation.Targets.ToArray());
        var loss = Enumerable.Range(0, run.Validation.Count)
            .Select(example => network.Loss(w, Row(validationX, example, inputs), Row(validationY, example, outputs)))
            .Aggregate((a, b) => a + b);
        loss = 1.0 / run.Validation.Count * loss;
        double[] adjoints = tape.Differentiate(loss);
        double[] Of(Variable[] variables) => [.. variables.Select(variable => adjoints[variable.Index])];
        return new(loss.Value, losses, [.. w.Select(weight => weight.Value)], new()
        {
            LearningRate = Of(learningRate),
            Momentum = Of(momentum),
            InitialWeights = Of(start),
            InitialVelocity = Of(startVelocity),
            L2 = Of(l2),
            L1 = Of(l1),
            Inputs = Of(x),
            Targets = Of(y),
            ExampleWeights = Of(omega),
        });
    }

    private static Variable[] Row(Variable[] table, int row, int columns) => table[(row * columns)..((row + 1) * columns)];

    private static int[] GroupsOf(WeightGrouping grouping)
    {
        var groups = new double[grouping.Model.ParameterCount];
        grouping.Spread([.. Enumerable.Range(0, grouping.Count).Select(group => (double)group)], groups);
        return [.. groups.Select(group => (int)group)];
    }
}
