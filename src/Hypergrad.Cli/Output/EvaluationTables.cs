using System.Globalization;
using Hypergrad.Models;
using Hypergrad.Wording;
using Spectre.Console;

namespace Hypergrad.Cli.Output;

/// <summary>Shows how well a model does: figures, and for classes each class and the confusion matrix.</summary>
internal static class EvaluationTables
{
    // More do not fit side by side.
    private const int MostColumns = 15, MostPairs = 10;

    public static void Print(IAnsiConsole console, ModelEvaluation evaluation, string source, LossText words)
    {
        var table = new Table().HideHeaders().AddColumns("", "");
        table.AddRow("data", Markup.Escape(Quoted.Path(source)));
        table.AddRow("examples", evaluation.Count.ToString(CultureInfo.InvariantCulture));
        table.AddRow("loss", Number(evaluation.Loss));
        if (evaluation.Accuracy is { } accuracy)
            table.AddRow("accuracy", Share(accuracy));
        if (evaluation.Rmse is { } errors)
            table.AddRow("RMSE", string.Join(", ", errors.Select(Number)));
        if (evaluation.RSquared is { } explained)
            table.AddRow("R²", Number(explained));
        console.Write(table);
        console.WriteLine(words.Figures ?? $"The loss is {words.Definition}.");
        if (evaluation.Classes is not { } classes)
            return;
        console.Write(EachClass(classes));
        console.Write(classes.Names.Count <= MostColumns ? Matrix(classes) : Confusions(classes));
    }

    private static Table EachClass(ConfusionMatrix classes)
    {
        var table = new Table().AddColumns("class", "examples", "recall", "precision");
        for (int number = 0; number < classes.Names.Count; number++)
            table.AddRow(
                Name(classes, number), Count(classes.CountOf(number)), Share(classes.Recall(number)), Share(classes.Precision(number)));
        return table;
    }

    private static Table Matrix(ConfusionMatrix classes)
    {
        int count = classes.Names.Count;
        var table = new Table().Title("right class by row, predicted class by column").AddColumn("");
        for (int predicted = 0; predicted < count; predicted++)
            table.AddColumn(Name(classes, predicted));
        for (int right = 0; right < count; right++)
            table.AddRow([
                Name(classes, right), .. Enumerable.Range(0, count).Select(predicted => Count(classes[right, predicted]))]);
        return table;
    }

    private static Table Confusions(ConfusionMatrix classes)
    {
        int count = classes.Names.Count;
        var pairs = from right in Enumerable.Range(0, count)
                    from predicted in Enumerable.Range(0, count)
                    where right != predicted && classes[right, predicted] > 0
                    orderby classes[right, predicted] descending
                    select (right, predicted);
        var table = new Table().Title("the most frequent confusions").AddColumns("right class", "predicted class", "examples");
        foreach (var (right, predicted) in pairs.Take(MostPairs))
            table.AddRow(Name(classes, right), Name(classes, predicted), Count(classes[right, predicted]));
        return table;
    }

    private static string Name(ConfusionMatrix classes, int number) => Markup.Escape(Quoted.Name(classes.Names[number]));

    private static string Count(long count) => count.ToString(CultureInfo.InvariantCulture);

    private static string Share(double share) => double.IsNaN(share) ? "-" : share.ToString("P1", CultureInfo.InvariantCulture);

    private static string Number(double number) => number.ToString("G5", CultureInfo.InvariantCulture);
}
