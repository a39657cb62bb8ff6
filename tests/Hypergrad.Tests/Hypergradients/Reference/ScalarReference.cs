using Hypergrad.Hyperparameters;
using Hypergrad.Optimizers;
using Hypergrad.Tests.Runs;

namespace Hypergrad.Tests.Hypergradients.Reference;

/// <summary>A whole training run unrolled on a tape, and everything that the validation loss at its end depends on
/// differentiated.</summary>
internal sealed record ScalarReference(double ValidationLoss, double[] TrainingLosses, double[] FinalWeights, RawGradient Gradient)
{
    public static ScalarReference Of(SmallRun run)
    {
        var tape = new Tape();
        var tables = run.Scheduled.ToDictionary(quantity => quantity, quantity => tape.Inputs(ReferenceRun.ValuesOf(run, quantity)));
        var (start, startVelocity) = (tape.Inputs(run.InitialWeights), tape.Inputs(run.InitialWeights.Select(_ => 0.0)));
        var training = new ReferenceRun(run, tape);

        Variable[] w = [.. start];
        var losses = new double[run.Steps];
        Variable Coefficient(Quantity quantity, int step, int weight) => tables[quantity][training.Index(quantity, step, weight)];
        Action<int, Variable[]> stepper = run.Optimizer switch
        {
            Momentum momentum => MomentumSteps(momentum.Dampening, isNesterov: false),
            Nesterov nesterov => MomentumSteps(nesterov.Dampening, isNesterov: true),
            _ => AdamWSteps(),
        };
        for (int t = 0; t < run.Steps; t++)
        {
            (var g, losses[t]) = training.At(t, w);
            stepper(t, g);
        }

        var loss = training.ValidationLoss(w);
        double[] adjoints = tape.Differentiate(loss);
        var variables = new Dictionary<Quantity, Variable[]>(tables)
        {
            [Quantity.InitialWeights] = start,
            [Quantity.L2] = training.L2,
            [Quantity.L1] = training.L1,
            [Quantity.Inputs] = training.Inputs,
            [Quantity.Targets] = training.Targets,
            [Quantity.ExampleWeights] = training.ExampleWeights,
        };
        if (run.Optimizer is IDampened)
            variables.Add(Quantity.InitialVelocity, startVelocity);
        return new(loss.Value, losses, [.. w.Select(weight => weight.Value)], RawGradient.Create(quantity =>
            variables.TryGetValue(quantity, out var of) ? [.. of.Select(variable => adjoints[variable.Index])] : null));

        // v ← γv − (1 − δ)g; w ← w + αv, or w + α(γv − (1 − δ)g) with Nesterov's momentum.
        Action<int, Variable[]> MomentumSteps(double? dampening, bool isNesterov)
        {
            var v = startVelocity;
            return (t, g) =>
            {
                Variable Gamma(int j) => Coefficient(Quantity.Momentum, t, j);
                Variable Kick(int j) => dampening is { } given ? (1 - given) * g[j] : (1 - Gamma(j)) * g[j];
                v = [.. v.Select((velocity, j) => Gamma(j) * velocity - Kick(j))];
                w = [.. w.Select((weight, j) =>
                    weight + Coefficient(Quantity.LearningRate, t, j) * (isNesterov ? Gamma(j) * v[j] - Kick(j) : v[j]))];
            };
        }

        // Loshchilov and Hutter's AdamW, Kingma and Ba's corrections as products of what each step had.
        Action<int, Variable[]> AdamWSteps()
        {
            Variable[] m = [.. start.Select(_ => tape.Input(0))], s = [.. m];
            Variable[] first = [.. start.Select(_ => tape.Input(1))], second = [.. first];
            return (t, g) =>
            {
                for (int j = 0; j < g.Length; j++)
                {
                    Variable beta1 = Coefficient(Quantity.Beta1, t, j), beta2 = Coefficient(Quantity.Beta2, t, j);
                    var rate = Coefficient(Quantity.LearningRate, t, j);
                    m[j] = beta1 * m[j] + (1 - beta1) * g[j];
                    s[j] = beta2 * s[j] + (1 - beta2) * (g[j] * g[j]);
                    (first[j], second[j]) = (first[j] * beta1, second[j] * beta2);
                    var (mean, root) = (m[j] * Inverse(1 - first[j]), Root(s[j] * Inverse(1 - second[j])));
                    w[j] = w[j] - rate * Coefficient(Quantity.WeightDecay, t, j) * w[j]
                        - rate * mean * Inverse(root + Coefficient(Quantity.Epsilon, t, j));
                }
                w = [.. w];
            };
        }
    }

    private static Variable Inverse(Variable x) => x.Apply(1 / x.Value, -1 / (x.Value * x.Value));

    // The derivative at 0 is 0.
    private static Variable Root(Variable x) => x.Apply(Math.Sqrt(x.Value), x.Value == 0 ? 0 : 0.5 / Math.Sqrt(x.Value));
}
