using System.Globalization;
using Hypergrad.Hypergradients;
using Spectre.Console;

namespace Hypergrad.Cli.Output;

/// <summary>How far an approximate hypergradient is from the exact one, quantity by quantity.</summary>
internal static class AccuracyTable
{
    public static void Print(IAnsiConsole console, Hypergradient hypergradient)
    {
        var table = new Table().Title($"{hypergradient.Method.Name} against the exact gradient, at the start")
            .AddColumns("", "cosine", "relative error");
        table.Columns[1].RightAligned();
        table.Columns[2].RightAligned();
        foreach (var accuracy in hypergradient.Accuracy)
            table.AddRow(
                accuracy.Quantity.Name, accuracy.Cosine.ToString("F4", CultureInfo.InvariantCulture),
                accuracy.RelativeError.ToString("G4", CultureInfo.InvariantCulture));
        console.Write(table);
    }
}
