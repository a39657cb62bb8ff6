using Hypergrad.Arithmetic;
using Hypergrad.Hyperparameters;
using Hypergrad.Tests.Runs;

namespace Hypergrad.Tests.Hypergradients.Reference;

/// <summary>The losses of a training run in plain loops, over the numbers they depend on as variables of a tape.</summary>
internal sealed class ReferenceRun
{
    private readonly SmallRun run;
    private readonly ReferenceNetwork network;
    private readonly Dictionary<Quantity, (int Columns, int[] Groups)> tables;

    public ReferenceRun(SmallRun run, Tape tape)
    {
        this.run = run;
        network = new(run.Network);
        (L2, L1) = (tape.Inputs(run.L2), tape.Inputs(run.L1));
        (Inputs, Targets, ExampleWeights) = (tape.Inputs(run.Inputs), tape.Inputs(run.Targets), tape.Inputs(run.ExampleWeights));
        tables = run.Scheduled.ToDictionary(
            quantity => quantity, quantity => (run.GroupingOf(quantity).Count, GroupsOf(run.GroupingOf(quantity))));
    }

    public Variable[] L2 { get; }

    public Variable[] L1 { get; }

    public Variable[] Inputs { get; }

    public Variable[] Targets { get; }

    public Variable[] ExampleWeights { get; }

    /// <summary>A table as the library has it: decays are ratios of integers.</summary>
    public static double[] ValuesOf(SmallRun run, Quantity quantity) =>
        quantity == Quantity.Momentum || quantity == Quantity.Beta1
            ? [.. run[quantity].Select(decay => DecayRatio.FromMomentum(decay).Value)]
        : quantity == Quantity.Beta2 ? [.. run[quantity].Select(decay => DecayRatio.Nearest(decay).Value)]
        : run[quantity];

    /// <summary>γ as the library has it.</summary>
    public static double[] MomentaOf(SmallRun run) => ValuesOf(run, Quantity.Momentum);

    /// <summary>Where in the table of a quantity the number of a weight at a step is.</summary>
    public int Index(Quantity quantity, int step, int weight) => step * tables[quantity].Columns + tables[quantity].Groups[weight];

    /// <summary>Where in the table of learning rates the one of a weight at a step is.</summary>
    public int RateAt(int step, int weight) => Index(Quantity.LearningRate, step, weight);

    /// <summary>Where in the table of momenta the one of a weight at a step is.</summary>
    public int MomentumAt(int step, int weight) => Index(Quantity.Momentum, step, weight);

    /// <summary>∇L_t(w) and L_t(w), penalties included.</summary>
    public (Variable[] Gradient, double Loss) At(int step, Variable[] w)
    {
        var tape = w[0].Tape;
        Variable[] g = [.. w.Select(_ => tape.Input(0))];
        int[] batch = run.Batches[step];
        double loss = 0;
        foreach (int example in batch)
            loss += ExampleWeights[example].Value / batch.Length * network.AddGradient(
                w, Row(Inputs, example, run.Network.InputSize), Row(Targets, example, run.Network.OutputSize),
                1.0 / batch.Length * ExampleWeights[example], g);
        for (int j = 0; j < w.Length; j++)
        {
            g[j] += 2 * (L2[j] * w[j]) + Math.Sign(w[j].Value) * L1[j];
            loss += L2[j].Value * w[j].Value * w[j].Value + L1[j].Value * Math.Abs(w[j].Value);
        }
        return (g, loss);
    }

    /// <summary>F(w).</summary>
    public Variable ValidationLoss(Variable[] w)
    {
        var tape = w[0].Tape;
        var (x, y) = (tape.Inputs(run.Validation.Inputs.ToArray()), tape.Inputs(run.Validation.Targets.ToArray()));
        var total = Enumerable.Range(0, run.Validation.Count)
            .Select(example => network.Loss(w, Row(x, example, run.Network.InputSize), Row(y, example, run.Network.OutputSize)))
            .Aggregate((a, b) => a + b);
        return 1.0 / run.Validation.Count * total;
    }

    private static Variable[] Row(Variable[] table, int row, int columns) => table[(row * columns)..((row + 1) * columns)];

    /// <summary>The group of every weight.</summary>
    public static int[] GroupsOf(WeightGrouping grouping)
    {
        var groups = new double[grouping.Network.ParameterCount];
        grouping.Spread([.. Enumerable.Range(0, grouping.Count).Select(group => (double)group)], groups);
        return [.. groups.Select(group => (int)group)];
    }
}
