using Hypergrad.Wording;

namespace Hypergrad.Data;

/// <summary>Tells which rows of a table are used, by what they lack.</summary>
internal static class MissingEntries
{
    private const int MostColumnsNamed = 10;

    /// <summary>The rows that are used.</summary>
    /// <exception cref="DataException">Something is missing that is neither dropped nor made up.</exception>
    public static int[] KeptRows(RawTable table, MissingValues policy)
    {
        int[] all = [.. Enumerable.Range(0, table.Rows)], columns = [.. Enumerable.Range(0, table.Columns.Count)];
        if (table.Columns.All(column => column.MissingCount == 0))
            return all;
        if (policy == MissingValues.Drop)
        {
            int[] kept = [.. all.Where(row => !table.LacksAny(row, columns))];
            return kept.Length > 0 ? kept : throw new DataException($"{table.Path}: every row lacks something, and none is left. "
                + $"{Counts(table, table.Columns)} Leave columns out with --ignore-columns, or write --missing impute.");
        }
        var targets = table.Columns.Take(table.TargetCount).Where(column => column.MissingCount > 0).ToArray();
        if (targets.Length > 0)
            throw new DataException($"{targets[0].FirstMissing!.Message}: the target is missing, here and in {targets[0].MissingCount} of "
                + $"{table.Rows} rows in all. --missing drop leaves such rows out.");
        return policy == MissingValues.Impute ? all : throw Refusal(table);
    }

    private static DataException Refusal(RawTable table)
    {
        var lacking = table.Columns.Where(column => column.MissingCount > 0).ToArray();
        return new($"{lacking[0].FirstMissing!.Message}; every example needs all its numbers. {Counts(table, lacking)} Write --missing "
            + "impute to put medians for numbers and no category for categories, --missing drop to leave such rows out, or "
            + "--ignore-columns to leave such columns out.");
    }

    private static string Counts(RawTable table, IEnumerable<RawColumn> columns)
    {
        var lacking = columns.Where(column => column.MissingCount > 0).ToArray();
        string more = lacking.Length > MostColumnsNamed ? $" and {lacking.Length - MostColumnsNamed} more columns" : "";
        return $"Of {table.Rows} rows are missing: " + string.Join(", ",
            lacking.Take(MostColumnsNamed).Select(column => $"{column.MissingCount} of {Quoted.Of(column.Name)}")) + $"{more}.";
    }
}
