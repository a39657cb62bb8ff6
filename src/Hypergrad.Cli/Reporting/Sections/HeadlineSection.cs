using Hypergrad.Cli.Reporting.Markup;

namespace Hypergrad.Cli.Reporting.Sections;

/// <summary>The figures of the run at a glance: each loss and error before and after, then the reversal and the time.</summary>
internal static class HeadlineSection
{
    public static void Write(MarkupWriter markup, TuningReport report)
    {
        using (markup.Element("div", ("class", "headlines")))
        {
            foreach (var figure in report.Headlines) WriteFigure(markup, figure);
        }
        NamedValue[] facts = [.. FactsOf(report)];
        if (facts.Length == 0) return;
        using var list = markup.Element("dl", ("class", "facts"));
        foreach (var fact in facts)
        {
            using var pair = markup.Element("div");
            markup.TextElement("dt", fact.Name);
            markup.TextElement("dd", fact.Value);
        }
    }

    private static void WriteFigure(MarkupWriter markup, HeadlineFigure figure)
    {
        using var card = markup.Element("div", ("class", "headline"));
        using (markup.Element("p", ("class", "figure-name")))
        {
            markup.Text(figure.Name);
            if (figure.Unit.Length > 0) markup.Text(", " + figure.Unit);
        }
        using (markup.Element("p", ("class", "value")))
        {
            markup.TextElement("span", Numbers.Rounded(figure.After), ("class", "number"));
            if (Numbers.ErrorOf(figure.After) is { } error) markup.TextElement("span", $" ± {error}", ("class", "error"));
        }
        markup.TextElement("p", "before " + Numbers.WithError(figure.Before), ("class", "from"));
        WriteChange(markup, figure.Before.Value, figure.After.Value, figure.HigherIsBetter);
    }

    private static void WriteChange(MarkupWriter markup, double before, double after, bool higherIsBetter)
    {
        if (Numbers.Change(before, after) is not { } change) return;
        // An arrow and a sign as well as a colour, so that none of them is needed alone.
        string arrow = after < before ? "▼ " : after > before ? "▲ " : "";
        string verdict = after == before ? "same" : after > before == higherIsBetter ? "better" : "worse";
        markup.TextElement("p", arrow + change, ("class", "change " + verdict));
    }

    private static IEnumerable<NamedValue> FactsOf(TuningReport report)
    {
        if (report.Reversal is { } reversal)
        {
            string compared = $"{Numbers.Integer(reversal.StatesCompared)} states compared in "
                + $"{Numbers.Integer(reversal.Trainings)} {(reversal.Trainings == 1 ? "training" : "trainings")}";
            yield return new("Reversal", $"{(reversal.Exact ? "✓ exact, to the bit" : "✗ not exact")}: {compared}");
            yield return new("Memory that the reversal took", reversal.Memory);
            // What the stores that are always there hold has not been spilled yet.
            yield return new("Information that training throws away",
                $"{ReversalFigures.Bits(reversal.EntropyBitsPerWeightStep)} for each weight and step, the least that has to be stored"
                + (reversal.BitsPerWeightStep < reversal.EntropyBitsPerWeightStep
                    ? "; what is missing above is in the bits kept once" : ""));
        }
        if (report.Seconds is { } seconds) yield return new("Time", Duration(seconds));
        foreach (var fact in report.Facts) yield return fact;
    }

    private static string Duration(double seconds) => seconds switch
    {
        < 60 => $"{Numbers.Significant(seconds)} s",
        < 3600 => $"{Numbers.Integer((long)seconds / 60)} min {Numbers.Integer((long)seconds % 60)} s",
        _ => $"{Numbers.Integer((long)seconds / 3600)} h {Numbers.Integer((long)seconds / 60 % 60)} min",
    };
}
