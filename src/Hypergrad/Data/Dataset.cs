namespace Hypergrad.Data;

/// <summary>
/// Examples with their targets. A classification target is a distribution over the classes, one-hot being the special case.
/// </summary>
public sealed class Dataset
{
    /// <summary>Joins inputs and targets.</summary>
    /// <param name="inputs">[count × input size].</param>
    /// <param name="targets">[count × target size].</param>
    /// <exception cref="DataException">The row counts differ.</exception>
    public Dataset(Table inputs, Table targets)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(targets);
        if (inputs.Rows != targets.Rows)
            throw new DataException($"{inputs.Rows} inputs and {targets.Rows} targets: there must be one target per input.");
        Inputs = inputs;
        Targets = targets;
    }

    /// <summary>
    /// Whether the targets are class numbers, one for each position of an example, instead of distributions or numbers to come close to.
    /// </summary>
    public bool HasClassTargets { get; init; }

    /// <summary>The inputs, [Count × InputSize].</summary>
    public Table Inputs { get; }

    /// <summary>The targets, [Count × TargetSize].</summary>
    public Table Targets { get; }

    /// <summary>How many numbers one input has.</summary>
    public int InputSize => Inputs.Columns;

    /// <summary>How many numbers one target has (the number of classes in classification).</summary>
    public int TargetSize => Targets.Columns;

    /// <summary>How many examples there are.</summary>
    public int Count => Inputs.Rows;

    /// <summary>
    /// Width of the picture when an input is one, else null. A picture is stored row by row, a row of pixels after the other, the channels
    /// of a pixel side by side.
    /// </summary>
    public int? ImageWidth { get; init; }

    /// <summary>Height of the picture when an input is one, else null.</summary>
    public int? ImageHeight => ImageWidth is { } width ? InputSize / (width * ImageChannels) : null;

    /// <summary>Channels of a pixel when an input is a picture: 1 for grey, 3 for colours.</summary>
    public int ImageChannels { get; init; } = 1;

    /// <summary>The names of the classes when the targets are distributions over classes, else null.</summary>
    public IReadOnlyList<string>? ClassNames { get; init; }

    /// <summary>
    /// How the targets of a regression were normalised, by which losses and predictions are read in the units of the data; null when they
    /// are as they came.
    /// </summary>
    public Normalization? TargetNormalization { get; init; }

    /// <summary>The examples asked for, in that order, repeats allowed.</summary>
    public Dataset Select(ReadOnlySpan<int> examples) => With(Inputs.Select(examples), Targets.Select(examples));

    /// <summary>The class to which an example's target gives the largest share, the first of equals.</summary>
    internal int ClassOf(int example)
    {
        int largest = 0;
        for (int each = 1; each < TargetSize; each++)
            if (Targets[example, each] > Targets[example, largest])
                largest = each;
        return largest;
    }

    /// <summary>Other inputs and targets of the same kind.</summary>
    /// <exception cref="DataException">The row counts differ.</exception>
    internal Dataset With(Table inputs, Table targets) => new(inputs, targets)
    {
        HasClassTargets = HasClassTargets,
        ImageWidth = ImageWidth,
        ImageChannels = ImageChannels,
        ClassNames = ClassNames,
        TargetNormalization = TargetNormalization,
    };

    /// <summary>
    /// Cuts the dataset into parts drawn at random: a permutation of the examples, keyed by the seed, is cut at the fractions' sums,
    /// rounded to whole examples. Fractions that sum to less than 1 leave examples unused. The same seed gives the same parts.
    /// </summary>
    /// <param name="train">The training fraction, above 0.</param>
    /// <param name="validation">The validation fraction, above 0.</param>
    /// <param name="test">The test fraction; 0 for no test part.</param>
    /// <param name="seed">Any number.</param>
    /// <exception cref="ConfigurationException">A fraction out of range, a sum above 1, or a part that comes out with no
    /// example.</exception>
    public DataSplit Split(double train, double validation, double test, ulong seed = 1)
    {
        if (!(train > 0 && validation > 0 && test >= 0 && train + validation + test <= 1 + 1e-9))
            throw new ConfigurationException($"A split into fractions {train}, {validation} and {test}: the training and validation "
                + "fractions must be above 0, the test fraction 0 or above, and their sum at most 1.");
        int trainEnd = (int)Math.Round(Count * train);
        int validationEnd = (int)Math.Round(Count * (train + validation));
        int testEnd = test == 0 ? validationEnd : (int)Math.Round(Count * Math.Min(1, train + validation + test));
        var (trains, validations, tests) = (trainEnd, validationEnd - trainEnd, testEnd - validationEnd);
        if (trains == 0 || validations == 0 || (test > 0 && tests == 0))
            throw new ConfigurationException($"A split of {Count} examples into fractions {train}, {validation} and {test} gives "
                + $"{trains} for training, {validations} for validation and {tests} for the test: each part asked for needs at least 1.");
        return Split(trains, validations, tests, seed);
    }

    /// <summary>
    /// Cuts the dataset into parts of the sizes given, drawn at random as the other overload does; what is left over is unused.
    /// </summary>
    /// <param name="train">How many training examples, at least 1.</param>
    /// <param name="validation">How many validation examples, at least 1.</param>
    /// <param name="test">How many test examples; 0 for no test part.</param>
    /// <param name="seed">Any number; the same seed gives the same parts.</param>
    /// <exception cref="ConfigurationException">A count out of range, or more examples asked for than there are.</exception>
    public DataSplit Split(int train, int validation, int test, ulong seed = 1)
    {
        if (train < 1 || validation < 1 || test < 0)
            throw new ConfigurationException($"A split into {train} training, {validation} validation and {test} test examples: "
                + "training and validation need at least 1 each, the test 0 or more.");
        if ((long)train + validation + test > Count)
            throw new ConfigurationException($"A split into {train} training, {validation} validation and {test} test examples needs "
                + $"{(long)train + validation + test}; the dataset has {Count}.");
        var permutation = new KeyedPermutation(Count, seed, RandomStreams.Of(RandomStreams.Split));
        Dataset Part(int start, int count)
        {
            var examples = new int[count];
            for (int i = 0; i < count; i++)
                examples[i] = permutation[start + i];
            return Select(examples);
        }
        return new DataSplit(Part(0, train), Part(train, validation), test == 0 ? null : Part(train + validation, test));
    }
}
