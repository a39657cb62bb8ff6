using System.Globalization;
using Hypergrad.Wording;

namespace Hypergrad.Data;

/// <summary>Turns the numbers of classes into one-hot targets.</summary>
internal static class ClassNumbers
{
    /// <summary>The names "0", "1", … of classes that have none of their own.</summary>
    public static IReadOnlyList<string> Names(int classes) =>
        [.. Enumerable.Range(0, classes).Select(number => number.ToString(CultureInfo.InvariantCulture))];

    /// <summary>[labels × classes], 1 in the label's column and 0 elsewhere.</summary>
    /// <exception cref="DataException">The table would be larger than an array can be.</exception>
    public static Table OneHot(ReadOnlySpan<double> labels, int classes, string path)
    {
        if ((long)labels.Length * classes > Array.MaxLength)
            throw new DataException($"{path}: {labels.Length} examples of {classes} classes are more than a table can hold; is this a "
                + "regression?");
        var targets = new float[labels.Length * classes];
        for (int i = 0; i < labels.Length; i++)
            targets[i * classes + (int)labels[i]] = 1;
        return new Table(targets, classes, "target");
    }

    /// <summary>The dataset with other classes, among which each of its own has the place of the same name.</summary>
    /// <exception cref="DataException">A class that some example has is not among them.</exception>
    public static Dataset Rename(Dataset data, IReadOnlyList<string> names)
    {
        int[] places = [.. data.ClassNames!.Select(name => IndexOf(names, name))];
        if ((long)data.Count * names.Count > Array.MaxLength)
            throw new DataException($"{data.Count} examples of {names.Count} classes are more than a table can hold.");
        var targets = new float[data.Count * names.Count];
        for (int example = 0; example < data.Count; example++)
            for (int own = 0; own < places.Length; own++)
                if (data.Targets[example, own] is not 0 and var share)
                    targets[example * names.Count + (places[own] >= 0 ? places[own] : throw Unknown(data.ClassNames![own], names))] =
                        (float)share;
        return new(data.Inputs, new Table(targets, names.Count, "target"))
        {
            ImageWidth = data.ImageWidth,
            ImageChannels = data.ImageChannels,
            ClassNames = names,
        };
    }

    private static int IndexOf(IReadOnlyList<string> names, string name)
    {
        for (int place = 0; place < names.Count; place++)
            if (names[place] == name)
                return place;
        return -1;
    }

    private static DataException Unknown(string name, IReadOnlyList<string> names) =>
        new($"The class {Quoted.Of(name)} is none of those that were learned: {Quoted.List([.. names])}. Leave such examples out, or learn "
            + "from data that has them.");
}
