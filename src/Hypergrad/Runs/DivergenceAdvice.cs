using System.Globalization;
using Hypergrad.Data;
using Hypergrad.Hyperparameters;
using Hypergrad.Networks;
using Hypergrad.Optimizers;

namespace Hypergrad.Runs;

/// <summary>What of a run that diverged is out of the ordinary, by measurement, and what helps against it.</summary>
internal static class DivergenceAdvice
{
    // What trains without trouble, as root mean squares of numbers that are best about 1.
    private const double OrdinaryInputs = 10, OrdinaryTargets = 10;

    // The deviation of a unit's weighted input; a learning rate times the curvature of a penalty; an example weight.
    private const double OrdinarySum = 5, OrdinaryShrinking = 1, OrdinaryExampleWeight = 10;

    // A learning rate; where the gradient is divided by its own size, how far a step may move a weight.
    private const double OrdinaryLearningRate = 1, OrdinaryStep = 0.1;

    /// <summary>Trains, and has a divergence say what was measured.</summary>
    public static T Explain<T>(TrainingRun run, Func<T> train)
    {
        try
        {
            return train();
        }
        catch (TrainingDivergedException exception) when (!exception.IsExplained)
        {
            throw exception.With(For(run.Lower(), exception.Step));
        }
    }

    /// <summary>What was measured, the most extraordinary first.</summary>
    /// <param name="run">The run.</param>
    /// <param name="step">The step at which it diverged.</param>
    public static string For(RawRun run, int step)
    {
        int steps = Math.Min(step + 1, run.Steps);
        var rate = Largest(run.Optimizer.Tables[Quantity.LearningRate], steps);
        var inputs = Measure(run.Training.Inputs);
        var measured = new List<(double Excess, string Words)>
        {
            (inputs / OrdinaryInputs, $"The inputs have a root mean square of up to {Text(inputs)}: normalise them."),
            (rate.Value / (IsNormalized(run.Optimizer) ? OrdinaryStep : OrdinaryLearningRate),
                $"The learning rate reaches {Text(rate.Value)} ({rate.Place}): lower it."),
            Start(run), Shrinking(run, rate.Value), ExampleWeights(run),
        };
        if (run.Network.Loss == Loss.Squared)
        {
            double targets = Measure(run.Training.Targets);
            measured.Add((
                targets / OrdinaryTargets, $"The targets have a root mean square of up to {Text(targets)}: standardise them."));
        }
        var causes = measured.Where(cause => cause.Excess > 1).OrderByDescending(cause => cause.Excess).Take(2);
        string advice = string.Join(" ", causes.Select(cause => cause.Words));
        return advice.Length > 0 ? advice
            : "Inputs, targets and initial weights are of ordinary size; lower the learning rate, which reaches "
                + $"{Text(rate.Value)} ({rate.Place}).";
    }

    // The largest root mean square of a column.
    private static double Measure(Table table)
    {
        var statistics = FeatureStatistics.Of(table);
        return Math.Sqrt(statistics.Mean.Zip(statistics.Variance, (mean, variance) => mean * mean + variance).Max());
    }

    private static (double Value, string Place) Largest(Coefficient table, int steps)
    {
        var largest = (Value: 0.0, Place: "");
        for (int t = 0; t < steps; t++)
        {
            var row = table.Row(t);
            for (int group = 0; group < row.Length; group++)
                if (Math.Abs(row[group]) > largest.Value || largest.Place.Length == 0)
                    largest = (Math.Abs(row[group]), $"step {t}, {table.Grouping.NameOf(group)}");
        }
        return largest;
    }

    private static (double Excess, string Words) Start(RawRun run)
    {
        var worst = (Excess: 0.0, Words: "");
        foreach (var tensor in run.Network.Tensors.Where(tensor => tensor.Role == ParameterRole.Weight))
        {
            var weights = new double[tensor.Count];
            run.InitialWeights.Fill(0, tensor.Offset, weights);
            double deviation = Math.Sqrt(weights.Average(weight => weight * weight));
            double excess = deviation * Math.Sqrt(tensor.Rows) / OrdinarySum;
            if (excess > worst.Excess)
                worst = (excess, $"The initial weights of {tensor.Name} have a root mean square of {Text(deviation)}, with {tensor.Rows} "
                    + $"inputs to a unit: lower the initial scale, to about {Text(1 / Math.Sqrt(tensor.Rows))}.");
        }
        return worst;
    }

    private static (double Excess, string Words) Shrinking(RawRun run, double rate)
    {
        double penalty = run.L2 is { } l2 ? l2.Values.ToArray().Max() : 0;
        return (2 * penalty * rate / OrdinaryShrinking,
            $"The L2 penalty reaches {Text(penalty)}, too much for a learning rate of {Text(rate)}: lower it.");
    }

    private static (double Excess, string Words) ExampleWeights(RawRun run)
    {
        double weight = run.ExampleWeights?.Max(Math.Abs) ?? 0;
        return (weight / OrdinaryExampleWeight, $"An example weighs {Text(weight)}: lower the example weights.");
    }

    private static bool IsNormalized(RawOptimizer optimizer) =>
        optimizer.Updates.OfType<Drift>().Any(drift => drift.Direction is AdamDirection);

    private static string Text(double value) => value.ToString("G3", CultureInfo.InvariantCulture);
}
