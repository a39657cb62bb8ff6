using System.Globalization;
using Hypergrad.Data;

namespace Hypergrad.Cli.Output;

/// <summary>What a person calls an example and its class.</summary>
internal static class ExampleNames
{
    /// <summary>"example 17, class setosa"; without the class where the targets are no classes.</summary>
    public static string Of(Dataset data, int example) =>
        ClassOf(data, example) is { } number ? $"example {example}, class {NameOfClass(data, number)}" : $"example {example}";

    /// <summary>The class that the target of an example gives the largest share; null for a regression, and for sequences.</summary>
    public static int? ClassOf(Dataset data, int example)
    {
        if (data.HasClassTargets)
            return data.TargetSize == 1 ? (int)data.Targets[example, 0] : null;
        if (data.ClassNames is null)
            return null;
        int largest = 0;
        for (int each = 1; each < data.TargetSize; each++)
            if (data.Targets[example, each] > data.Targets[example, largest])
                largest = each;
        return largest;
    }

    /// <summary>The name of a class; its number where classes have no names.</summary>
    public static string NameOfClass(Dataset data, int number) =>
        data.ClassNames?[number] ?? number.ToString(CultureInfo.InvariantCulture);
}
