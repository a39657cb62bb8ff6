using Hypergrad.Hyperparameters;
using Hypergrad.Runs;

namespace Hypergrad.Interactive;

/// <summary>A training run: what it trains, and its hyperparameters with the range of their values.</summary>
internal static class TrainingRunHtml
{
    public static string Of(TrainingRun run)
    {
        string caption = $"{run.Network}, {HtmlTable.Count(run.Steps)} steps, seed {run.Seed}"
            + (run.Replicas > 1 ? $", {run.Replicas} replicas" : "")
            + (run.Hyperparameters is { } set ? $", batches of {run.BatchSize}, optimizer {set.Optimizer.Name}" : ", of raw quantities");
        var table = new HtmlTable(caption, "hyperparameter", "#values", "#least", "#greatest", "tuned");
        foreach (var (quantity, hyperparameter) in run.Hyperparameters?.Stated ?? [])
            AddRow(table, quantity, hyperparameter);
        return table.ToString();
    }

    private static void AddRow(HtmlTable table, Quantity quantity, Hyperparameter hyperparameter)
    {
        double[] values = hyperparameter.Values ?? [hyperparameter.Initial];
        table.Row(quantity.Name, HtmlTable.Count(values.Length), HtmlTable.Number(values.Min()), HtmlTable.Number(values.Max()),
            hyperparameter.IsTuned ? "yes" : "no");
    }
}
