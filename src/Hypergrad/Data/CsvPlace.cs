namespace Hypergrad.Data;

/// <summary>Where something stands in a CSV file.</summary>
internal static class CsvPlace
{
    /// <summary>How many lines a record has, its line end included: CR LF, LF or CR.</summary>
    public static int Lines(ReadOnlySpan<char> raw) => raw.Count('\n') + (raw.Contains('\r') ? raw.Count('\r') - raw.Count("\r\n") : 0);

    /// <summary>The line, from 0, and the column of letters, from 1, of a field in a record as it is written.</summary>
    public static (int Line, int Column) Of(ReadOnlySpan<char> raw, int field, char delimiter)
    {
        int start = 0;
        bool quoted = false;
        for (int i = 0; i < raw.Length && field > 0; i++)
        {
            quoted ^= raw[i] == '"';
            if (raw[i] != delimiter || quoted)
                continue;
            field--;
            start = i + 1;
        }
        var before = raw[..start];
        return (Lines(before), start - (before.LastIndexOfAny('\r', '\n') + 1) + 1);
    }
}
