using System.Globalization;
using Hypergrad.Wording;

namespace Hypergrad.Data;

/// <summary>Which columns of a file are targets and which are inputs.</summary>
internal sealed class ColumnLayout
{
    private readonly string path;
    private readonly string[] names;
    private readonly HashSet<int> categories = [];

    private ColumnLayout(string path, string[] names) => (this.path, this.names) = (path, names);

    /// <summary>The target columns, in the order asked for.</summary>
    public int[] Targets { get; private set; } = [];

    /// <summary>The input columns: in the order asked for, or all others, in the file's order.</summary>
    public int[] Inputs { get; private set; } = [];

    /// <summary>The columns that are read, the targets before the inputs.</summary>
    public int[] Columns => [.. Targets, .. Inputs];

    /// <summary>How many columns the file has.</summary>
    public int ColumnCount => names.Length;

    /// <summary>Whether the columns have names, and not numbers alone.</summary>
    public bool HasNames { get; set; } = true;

    /// <summary>Finds the columns that the options speak of.</summary>
    /// <param name="path">The file, for errors.</param>
    /// <param name="names">The names of its columns.</param>
    /// <param name="options">What was asked for.</param>
    /// <param name="hint">A sentence for a table of nothing but targets; may be empty.</param>
    /// <exception cref="DataException">A column that is not there, or no input columns.</exception>
    /// <exception cref="ConfigurationException">Options that contradict each other.</exception>
    public static ColumnLayout Find(string path, string[] names, TableOptions options, string hint = "")
    {
        RequireTargets(path, options);
        var layout = new ColumnLayout(path, names);
        layout.Targets = layout.ResolveAll(options.TargetColumns, "a target column");
        int[] ignored = layout.ResolveAll(options.IgnoredColumns, "an ignored column");
        int[]? chosen = options.InputColumns is { } columns ? layout.ResolveAll(columns, "an input column") : null;
        layout.RequireApart(layout.Targets, ignored, "a target", "to be ignored");
        layout.RequireApart(chosen ?? [], ignored, "an input", "to be ignored");
        layout.RequireApart(chosen ?? [], layout.Targets, "an input", "a target");
        layout.Inputs = chosen ?? [.. Enumerable.Range(0, names.Length).Except(layout.Targets).Except(ignored)];
        layout.categories.UnionWith(layout.ResolveAll(options.CategoryColumns, "a category column"));
        layout.RequireApart([.. layout.categories], [.. layout.categories.Except(layout.Inputs)], "a category", "no input");
        if (layout.Inputs.Length == 0)
            throw new DataException($"{path}: there are {names.Length} columns, all of them "
                + $"{(ignored.Length > 0 ? "targets or ignored" : "targets")}: there are no inputs.{hint}");
        return layout;
    }

    /// <summary>Finds the columns that an encoding knows by their unique names, or by their numbers where it knows no names.</summary>
    /// <exception cref="DataException">One of them is not there.</exception>
    public static ColumnLayout Match(string path, string[] names, TableOptions known)
    {
        var layout = new ColumnLayout(path, names);
        string[] unique = [.. Enumerable.Range(0, names.Length).Select(layout.UniqueName)];
        string[] wanted = [.. known.TargetColumns, .. known.InputColumns!];
        bool byNumber = !NamesAny(known);
        string[] missing = [.. wanted.Where(name => !byNumber && !unique.Contains(name))];
        if (missing.Length > 0)
            throw new DataException($"{path}: {(missing.Length == 1 ? "a column is" : $"{missing.Length} columns are")} missing that the "
                + $"encoding was learned with: {Quoted.List(missing)}. The columns are {Quoted.List(names)}.");
        int[] Places(IEnumerable<string> columns) =>
            [.. columns.Select(name => byNumber ? layout.Resolve(name) : Array.IndexOf(unique, name))];
        layout.Targets = Places(known.TargetColumns);
        layout.Inputs = Places(known.InputColumns!);
        layout.categories.UnionWith(Places(known.CategoryColumns));
        return layout;
    }

    /// <summary>Whether some column is given by its name.</summary>
    public static bool NamesAny(TableOptions options) => new[]
    {
        options.TargetColumns, options.InputColumns ?? [], options.IgnoredColumns, options.CategoryColumns,
    }.Any(columns => columns.Any(column => !IsColumnNumber(column, out _)));

    /// <summary>A column as messages call it: by its name where there is one, else by its number.</summary>
    public string NameOf(int column) => HasNames ? $"column {Quoted.Of(names[column])}" : $"column {column} (the first is 0)";

    /// <summary>A column as options call it.</summary>
    public string OptionFor(int column) => HasNames ? Quoted.Name(UniqueName(column)) : $"{column}";

    /// <summary>A column's name, made unique by a number where several have the same; its number where the file has no names.</summary>
    public string UniqueName(int column)
    {
        if (!HasNames)
            return column.ToString(CultureInfo.InvariantCulture);
        if (names[column].Length == 0)
            return string.Create(CultureInfo.InvariantCulture, $"Unnamed: {column}");
        int earlier = names.AsSpan(0, column).Count(names[column]);
        return earlier == 0 ? names[column] : $"{names[column]}.{earlier}";
    }

    /// <summary>Whether an input column was said to be a category.</summary>
    public bool IsCategory(int column) => categories.Contains(column);

    private static void RequireTargets(string path, TableOptions options)
    {
        if (options.TargetColumns.Count == 0)
            throw new ConfigurationException($"{path}: no target column is given; the last one is \"-1\".");
        if (options.TargetColumns.Count > 1 && options.Task == LearningTask.Classification)
            throw new ConfigurationException($"{path}: {options.TargetColumns.Count} target columns: classification has one; is this a "
                + "regression?");
    }

    private int[] ResolveAll(IReadOnlyList<string> columns, string what)
    {
        int[] found = [.. columns.Select(Resolve)];
        return found.Distinct().Count() == found.Length
            ? found
            : throw new ConfigurationException($"{path}: {what} is given twice: {Quoted.List([.. columns])}.");
    }

    private void RequireApart(int[] some, int[] others, string what, string other)
    {
        if (some.Intersect(others).Select(column => (int?)column).FirstOrDefault() is { } both)
            throw new ConfigurationException($"{path}: {NameOf(both)} is given as {what} and as {other}; leave one of them out.");
    }

    private int Resolve(string column)
    {
        if (IsColumnNumber(column, out int number))
        {
            int index = number < 0 ? number + names.Length : number;
            return index >= 0 && index < names.Length
                ? index
                : throw new DataException($"{path}: there is no column {number}: there are {names.Length} columns, numbered 0 to "
                    + $"{names.Length - 1}, or from the end -1 to -{names.Length}.");
        }
        int found = Array.IndexOf(names, column), last = Array.LastIndexOf(names, column);
        if (found < last)
            throw new DataException(
                $"{path}: the header has the name {Quoted.Of(column)} twice; give the column's number, {found} or {last}.");
        if (found < 0)
            found = Array.IndexOf([.. Enumerable.Range(0, names.Length).Select(UniqueName)], column);
        if (found >= 0)
            return found;
        string nearest = NearestName.Find(column, names) is { } name ? $" Did you mean {Quoted.Of(name)}?" : "";
        throw new DataException($"{path}: there is no column {Quoted.Of(column)}.{nearest} The columns are {Quoted.List(names)}.");
    }

    private static bool IsColumnNumber(string column, out int number) =>
        int.TryParse(column, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
}
