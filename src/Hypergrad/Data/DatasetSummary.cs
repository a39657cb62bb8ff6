namespace Hypergrad.Data;

/// <summary>What a dataset holds, in figures.</summary>
public sealed record DatasetSummary
{
    /// <summary>How many examples there are.</summary>
    public required int Count { get; init; }

    /// <summary>How many numbers one input has.</summary>
    public required int InputSize { get; init; }

    /// <summary>How many numbers one target has.</summary>
    public required int TargetSize { get; init; }

    /// <summary>Width of the picture when an input is one, else null.</summary>
    public required int? ImageWidth { get; init; }

    /// <summary>Height of the picture when an input is one, else null.</summary>
    public required int? ImageHeight { get; init; }

    /// <summary>Whether the inputs are kept in double precision.</summary>
    public required bool IsDouble { get; init; }

    /// <summary>
    /// Every class with the number of examples whose target gives it the largest share (the first of equals); null when the dataset has
    /// no class names: a regression.
    /// </summary>
    public required IReadOnlyList<ClassCount>? Classes { get; init; }

    /// <summary>How many targets are not one-hot; null when the dataset has no class names.</summary>
    public required int? SoftTargets { get; init; }

    /// <summary>The least of all input numbers.</summary>
    public required double Minimum { get; init; }

    /// <summary>The greatest of all input numbers.</summary>
    public required double Maximum { get; init; }

    /// <summary>The mean of all input numbers.</summary>
    public required double Mean { get; init; }

    /// <summary>The standard deviation of all input numbers, divided by their number.</summary>
    public required double StandardDeviation { get; init; }

    /// <summary>How many input features have the same value in every example.</summary>
    public required int ConstantFeatures { get; init; }

    /// <summary>How many examples have the very inputs of an earlier one.</summary>
    public required int Duplicates { get; init; }

    /// <summary>Looks through a dataset.</summary>
    public static DatasetSummary Describe(Dataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        var statistics = FeatureStatistics.Of(data.Inputs);
        double mean = statistics.Mean.Average();
        // The variance of all numbers is that within the features plus that of their means.
        double variance = statistics.Variance.Average() + statistics.Mean.Average(featureMean =>
            (featureMean - mean) * (featureMean - mean));
        var (classes, soft) = data.ClassNames is { } names ? CountClasses(data.Targets, names)
            : ((IReadOnlyList<ClassCount>?)null, (int?)null);
        return new DatasetSummary
        {
            Count = data.Count,
            InputSize = data.InputSize,
            TargetSize = data.TargetSize,
            ImageWidth = data.ImageWidth,
            ImageHeight = data.ImageHeight,
            IsDouble = data.Inputs.IsDouble,
            Classes = classes,
            SoftTargets = soft,
            Minimum = statistics.Minimum.Min(),
            Maximum = statistics.Maximum.Max(),
            Mean = mean,
            StandardDeviation = Math.Sqrt(variance),
            ConstantFeatures = statistics.ConstantFeatures().Length,
            Duplicates = DuplicateRows.Count(data.Inputs),
        };
    }

    private static (IReadOnlyList<ClassCount> Classes, int? Soft) CountClasses(Table targets, IReadOnlyList<string> names)
    {
        var counts = new int[targets.Columns];
        int soft = 0;
        var row = new double[targets.Columns];
        for (int example = 0; example < targets.Rows; example++)
        {
            targets.CopyRow<double>(example, row);
            int largest = Array.IndexOf(row, row.Max());
            counts[largest]++;
            if (row[largest] != 1 || row.Count(share => share != 0) != 1)
                soft++;
        }
        return ([.. names.Zip(counts, (name, count) => new ClassCount(name, count))], soft);
    }
}
