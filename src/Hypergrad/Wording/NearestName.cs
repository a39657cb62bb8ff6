namespace Hypergrad.Wording;

/// <summary>Finds the name a person may have meant.</summary>
internal static class NearestName
{
    // What is longer is no slip of a name, and would take long to compare.
    private const int Longest = 100;

    /// <summary>
    /// The candidate with the fewest letters to insert, delete or replace (Levenshtein's distance, upper and lower case alike), or null
    /// when even that one would need more than half of its letters changed.
    /// </summary>
    public static string? Find(string name, IEnumerable<string> candidates)
    {
        string? nearest = null;
        if (name.Length > Longest)
            return null;
        int least = int.MaxValue;
        foreach (string candidate in candidates.Where(candidate => candidate.Length <= Longest))
        {
            int distance = Distance(name.ToUpperInvariant(), candidate.ToUpperInvariant());
            if (distance < least && 2 * distance <= Math.Max(name.Length, candidate.Length))
                (nearest, least) = (candidate, distance);
        }
        return nearest;
    }

    private static int Distance(string from, string to)
    {
        var previous = Enumerable.Range(0, to.Length + 1).ToArray();
        for (int i = 1; i <= from.Length; i++)
        {
            var current = new int[to.Length + 1];
            current[0] = i;
            for (int j = 1; j <= to.Length; j++)
                current[j] = Math.Min(Math.Min(previous[j], current[j - 1]) + 1, previous[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1));
            previous = current;
        }
        return previous[^1];
    }
}
