using System.Globalization;
using Hypergrad.MetaOptimization;

namespace Hypergrad.Interactive;

/// <summary>A tuning: losses before and after, and the course of the validation loss.</summary>
internal static class TuningResultHtml
{
    private const int Width = 240, Height = 48;

    public static string Of(TuningResult result)
    {
        var table = new HtmlTable(
            $"{result.Start.Network}: {result}", "", "#meta-step", "#training loss", "#validation loss", "#validation error", "#test loss");
        AddRow(table, "before", result.Before);
        AddRow(table, "after", result.After);
        return table + Course([.. result.Records.Select(record => record.Validation.Mean)]);
    }

    private static void AddRow(HtmlTable table, string name, MetaStepRecord record) => table.Row(
        name, $"{record.MetaStep}", HtmlTable.Number(record.TrainingLoss), record.Validation.ToString(),
        HtmlTable.Number(record.ValidationErrorRate), record.Test?.ToString() ?? "–");

    // Meta-steps that diverged leave a gap.
    private static string Course(double[] losses)
    {
        double[] finite = [.. losses.Where(double.IsFinite)];
        double least = finite.Min(), range = Math.Max(finite.Max() - least, 1e-300);
        var lines = new List<List<string>> { new() };
        for (int i = 0; i < losses.Length; i++)
        {
            if (!double.IsFinite(losses[i]))
                lines.Add([]);
            else
                lines[^1].Add(PointAt(i / Math.Max(1.0, losses.Length - 1), (losses[i] - least) / range));
        }
        string label = HtmlTable.Encoded(
            $"Validation loss by meta-step, from {HtmlTable.Number(finite.Max())} to {HtmlTable.Number(least)}");
        return $"<svg width=\"{Width}\" height=\"{Height}\" role=\"img\" aria-label=\"{label}\"><title>{label}</title>"
            + string.Concat(lines.Where(line => line.Count > 0).Select(line =>
                $"<polyline fill=\"none\" stroke=\"currentColor\" points=\"{string.Join(' ', line)}\"/>")) + "</svg>";
    }

    // Fractions of the width, and of the height from below.
    private static string PointAt(double x, double y) =>
        string.Create(CultureInfo.InvariantCulture, $"{2 + (Width - 4) * x:F1},{Height - 2 - (Height - 4) * y:F1}");
}
