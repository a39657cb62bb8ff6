using Hypergrad.Hypergradients;
using Hypergrad.Hyperparameters;

namespace Hypergrad.Interactive;

/// <summary>A hypergradient: how long it is in each hyperparameter, and where it is largest.</summary>
internal static class HypergradientHtml
{
    public static string Of(Hypergradient hypergradient)
    {
        var table = new HtmlTable(hypergradient.ToString(), "hyperparameter", "#count", "#norm of the gradient", "#largest entry", "which");
        if (hypergradient.Tuned.Count > 0)
            AddTuned(table, hypergradient);
        else
            foreach (var quantity in hypergradient.Raw.Quantities)
                AddRow(table, quantity.Name, hypergradient.Raw[quantity]!, index => $"entry {index}");
        return table.ToString();
    }

    private static void AddTuned(HtmlTable table, Hypergradient hypergradient)
    {
        int start = 0;
        foreach (TunedHyperparameter tuned in hypergradient.Tuned)
        {
            var gradient = hypergradient.Coordinates.AsSpan(start, tuned.Count);
            AddRow(table, tuned.Name, gradient, index => tuned.Hyperparameter.NameOf(index, hypergradient.Run.Network));
            start += tuned.Count;
        }
    }

    private static void AddRow(HtmlTable table, string name, ReadOnlySpan<double> gradient, Func<int, string> nameOf)
    {
        double square = 0;
        int largest = 0;
        for (int i = 0; i < gradient.Length; i++)
        {
            square += gradient[i] * gradient[i];
            if (Math.Abs(gradient[i]) > Math.Abs(gradient[largest]))
                largest = i;
        }
        table.Row(name, HtmlTable.Count(gradient.Length), HtmlTable.Number(Math.Sqrt(square)), HtmlTable.Number(gradient[largest]),
            nameOf(largest));
    }
}
