namespace Hypergrad.Data;

/// <summary>Counts the rows of a table that repeat an earlier one.</summary>
internal static class DuplicateRows
{
    /// <summary>How many rows equal an earlier row, number by number (0 and −0 are equal).</summary>
    public static int Count(Table table)
    {
        // Rows are compared only with the rows of the same hash, so that the work stays proportional to the table.
        var firsts = new Dictionary<ulong, List<int>>();
        double[] row = new double[table.Columns], other = new double[table.Columns];
        int duplicates = 0;
        for (int i = 0; i < table.Rows; i++)
        {
            table.CopyRow<double>(i, row);
            ulong hash = Hash(row);
            if (!firsts.TryGetValue(hash, out var sameHash))
                firsts.Add(hash, [i]);
            else if (sameHash.Exists(earlier => RowEquals(table, earlier, row, other)))
                duplicates++;
            else
                sameHash.Add(i);
        }
        return duplicates;
    }

    private static bool RowEquals(Table table, int index, ReadOnlySpan<double> row, Span<double> other)
    {
        table.CopyRow(index, other);
        return row.SequenceEqual(other);
    }

    private static ulong Hash(ReadOnlySpan<double> row)
    {
        ulong hash = 14695981039346656037;
        foreach (double number in row)
        {
            // Adding 0 makes −0 into 0; the shift brings the high bits, where small whole numbers differ, down to where the
            // multiplication spreads them.
            ulong bits = BitConverter.DoubleToUInt64Bits(number + 0.0);
            hash = unchecked((hash ^ bits ^ bits >> 32) * 1099511628211);
            hash ^= hash >> 29;
        }
        return hash;
    }
}
