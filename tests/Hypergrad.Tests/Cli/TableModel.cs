using System.Globalization;

namespace Hypergrad.Tests.Cli;

/// <summary>A table of two numbers and a class, and a model of it.</summary>
internal static class TableModel
{
    public const int Rows = 60;

    /// <summary>The two numbers of a row.</summary>
    public static (float A, float B) Row(int row) => (row % 7 - 3, row * 5 % 11 / 2f);

    /// <summary>Writes the table and a model of it.</summary>
    /// <returns>The table, and the folder of the model.</returns>
    public static (string Table, string Model) Make(TemporaryFolder folder)
    {
        string table = folder.Write("table.csv", "a,b,class\n" + string.Concat(Enumerable.Range(0, Rows).Select(row =>
            string.Create(CultureInfo.InvariantCulture, $"{Row(row).A},{Row(row).B},{(Row(row).A > 0 ? "up" : "down")}\n"))));
        CommandLine.Succeed("tune", "--data", table, "--hidden", "4", "--steps", "5", "--batch-size", "20", "--meta-steps", "1",
            "--start-search", "0", "--out", folder.File("tuned"));
        return (table, folder.File("tuned/model"));
    }
}
