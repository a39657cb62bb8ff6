using Hypergrad.Hyperparameters;
using Hypergrad.Tests.Runs;

namespace Hypergrad.Tests.Hypergradients.Reference;

/// <summary>
/// DrMAD in plain loops over arrays: the adjoint goes back along the line through some states of the training, in blocks of steps. Within a
/// block dw stays as it is while dv and u follow every step; Hu, and what belongs to penalties and data, is taken once, at the block's
/// middle, along the sum of all u. In as many blocks as there are steps it is DrMAD as published.
/// </summary>
internal sealed class ShortcutReference
{
    private readonly SmallRun run;
    private readonly double[] momenta;
    private readonly double[][] states, line, velocities;

    private ShortcutReference(SmallRun run, int[] knots)
    {
        this.run = run;
        momenta = ReferenceRun.MomentaOf(run);
        states = Train();
        line = [.. Enumerable.Range(0, run.Steps + 1).Select(t => OnLine(knots, t))];
        var indices = new ReferenceRun(run, new Tape());
        velocities = [.. Enumerable.Range(0, run.Steps + 1).Select(t =>
            line[t].Select((w, j) => t == 0 ? 0 : (w - line[t - 1][j]) / run.LearningRate[indices.RateAt(t - 1, j)]).ToArray())];
    }

    /// <summary>The gradient along the line through the states at the knots, from 0 to T, in a number of blocks.</summary>
    public static RawGradient Of(SmallRun run, int[] knots, int blocks) => new ShortcutReference(run, knots).Sweep(blocks);

    private RawGradient Sweep(int blocks)
    {
        int steps = run.Steps, count = run.InitialWeights.Length;
        var at = new ReferenceRun(run, new Tape());
        double[] dRate = new double[run.LearningRate.Length], dMomentum = new double[run.Momentum.Length];
        double[] dL2 = new double[count], dL1 = new double[count], dInputs = new double[run.Inputs.Length];
        double[] dTargets = new double[run.Targets.Length], dOmega = new double[run.ExampleWeights.Length];
        double[] dw = ValidationGradient(), dv = new double[count];
        for (int block = blocks - 1; block >= 0; block--)
        {
            int first = block * steps / blocks, last = (block + 1) * steps / blocks - 1;
            var u = new double[count];
            var kicked = new double[steps][];
            for (int t = last; t >= first; t--)
            {
                kicked[t] = new double[count];
                for (int j = 0; j < count; j++)
                {
                    int rate = at.RateAt(t, j);
                    double momentum = momenta[at.MomentumAt(t, j)];
                    dRate[rate] += dw[j] * velocities[t + 1][j];
                    kicked[t][j] = dv[j] + run.LearningRate[rate] * dw[j];
                    u[j] += (1 - momentum) * kicked[t][j];
                    dv[j] = momentum * kicked[t][j];
                }
            }

            int middle = (first + last) / 2;
            var (g, tangent) = TangentAt(middle, line[middle], u);
            for (int t = first; t <= last; t++)
                for (int j = 0; j < count; j++)
                    dMomentum[at.MomentumAt(t, j)] += kicked[t][j] * (velocities[t][j] + g[j]);
            Subtract(tangent[Quantity.InitialWeights]!, dw);
            Subtract(tangent[Quantity.L2]!, dL2);
            Subtract(tangent[Quantity.L1]!, dL1);
            Subtract(tangent[Quantity.Inputs]!, dInputs);
            Subtract(tangent[Quantity.Targets]!, dTargets);
            Subtract(tangent[Quantity.ExampleWeights]!, dOmega);
        }
        return Gradient(new()
        {
            [Quantity.LearningRate] = dRate,
            [Quantity.Momentum] = dMomentum,
            [Quantity.InitialWeights] = dw,
            [Quantity.InitialVelocity] = dv,
            [Quantity.L2] = dL2,
            [Quantity.L1] = dL1,
            [Quantity.Inputs] = dInputs,
            [Quantity.Targets] = dTargets,
            [Quantity.ExampleWeights] = dOmega,
        });
    }

    private double[][] Train()
    {
        double[] w = run.InitialWeights, v = new double[w.Length];
        var all = new List<double[]> { w };
        for (int t = 0; t < run.Steps; t++)
        {
            var tape = new Tape();
            var at = new ReferenceRun(run, tape);
            double[] g = [.. at.At(t, tape.Inputs(w)).Gradient.Select(entry => entry.Value)];
            v = [.. v.Select((velocity, j) => momenta[at.MomentumAt(t, j)] * velocity - (1 - momenta[at.MomentumAt(t, j)]) * g[j])];
            w = [.. w.Select((weight, j) => weight + run.LearningRate[at.RateAt(t, j)] * v[j])];
            all.Add(w);
        }
        return [.. all];
    }

    private double[] OnLine(int[] knots, int t)
    {
        int end = Array.FindIndex(knots, 1, knot => knot >= t), from = knots[end - 1], to = knots[end];
        double share = (t - from) / (double)(to - from);
        return [.. states[from].Zip(states[to], (a, b) => a + share * (b - a))];
    }

    private double[] ValidationGradient()
    {
        var tape = new Tape();
        var w = tape.Inputs(states[^1]);
        double[] adjoints = tape.Differentiate(new ReferenceRun(run, tape).ValidationLoss(w));
        return [.. w.Select(weight => adjoints[weight.Index])];
    }

    // g, and the derivative of g · u by everything that g depends on: by w it is Hu.
    private (double[] Gradient, RawGradient Tangent) TangentAt(int step, double[] weights, double[] u)
    {
        var tape = new Tape();
        var w = tape.Inputs(weights);
        var training = new ReferenceRun(run, tape);
        var g = training.At(step, w).Gradient;
        double[] adjoints = tape.Differentiate(g.Select((entry, j) => u[j] * entry).Aggregate((a, b) => a + b));
        double[] By(Variable[] variables) => [.. variables.Select(variable => adjoints[variable.Index])];
        return ([.. g.Select(entry => entry.Value)], Gradient(new()
        {
            [Quantity.InitialWeights] = By(w),
            [Quantity.L2] = By(training.L2),
            [Quantity.L1] = By(training.L1),
            [Quantity.Inputs] = By(training.Inputs),
            [Quantity.Targets] = By(training.Targets),
            [Quantity.ExampleWeights] = By(training.ExampleWeights),
        }));
    }

    private static RawGradient Gradient(Dictionary<Quantity, double[]> parts) =>
        RawGradient.Create(quantity => parts.GetValueOrDefault(quantity));

    private static void Subtract(double[] what, double[] from)
    {
        for (int i = 0; i < from.Length; i++)
            from[i] -= what[i];
    }
}
