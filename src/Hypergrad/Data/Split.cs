namespace Hypergrad.Data;

/// <summary>
/// Ways of cutting a dataset into parts, drawn at random; the same seed gives the same parts. A stratified cut gives each part its share
/// of every class, to within one example.
/// </summary>
public static class Split
{
    /// <summary>Cuts a dataset into parts, each with its share of every class.</summary>
    /// <param name="data">A classification; an example is of the class to which its target gives the largest share.</param>
    /// <param name="train">The training fraction, above 0.</param>
    /// <param name="validation">The validation fraction, above 0.</param>
    /// <param name="test">The test fraction; 0 for no test part. The sum of the fractions is at most 1.</param>
    /// <param name="seed">Any number.</param>
    /// <exception cref="ConfigurationException">A fraction out of range, a part that comes out with no example, or targets that are no
    /// classes.</exception>
    public static DataSplit Stratified(Dataset data, double train, double validation, double test, ulong seed = 1)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (!(train > 0 && validation > 0 && test >= 0 && train + validation + test <= 1 + 1e-9))
            throw new ConfigurationException($"A split into fractions {train}, {validation} and {test}: the training and validation "
                + "fractions must be above 0, the test fraction 0 or above, and their sum at most 1.");
        int[] order = StratifiedOrder(data, seed);
        int trainEnd = (int)Math.Round(data.Count * train);
        int validationEnd = (int)Math.Round(data.Count * (train + validation));
        int testEnd = (int)Math.Round(data.Count * Math.Min(1, train + validation + test));
        if (trainEnd == 0 || validationEnd == trainEnd || test > 0 && testEnd == validationEnd)
            throw new ConfigurationException($"A split of {data.Count} examples into fractions {train}, {validation} and {test} gives "
                + $"{trainEnd} for training, {validationEnd - trainEnd} for validation and {testEnd - validationEnd} for the test: each "
                + "part asked for needs at least 1.");
        return new(data.Select(order.AsSpan(0, trainEnd)), data.Select(order.AsSpan(trainEnd, validationEnd - trainEnd)),
            test == 0 ? null : data.Select(order.AsSpan(validationEnd, testEnd - validationEnd)));
    }

    /// <summary>
    /// Cuts a dataset into k folds of sizes that differ by at most 1. Each in turn is the validation part, and the others together the
    /// training part.
    /// </summary>
    /// <param name="data">The dataset.</param>
    /// <param name="k">How many folds, from 2 to the number of examples.</param>
    /// <param name="seed">Any number.</param>
    /// <param name="stratified">Whether each fold gets its share of every class.</param>
    /// <returns>k splits without a test part.</returns>
    /// <exception cref="ConfigurationException">Another number of folds, or a stratified cut of targets that are no classes.</exception>
    public static IReadOnlyList<DataSplit> KFold(Dataset data, int k, ulong seed = 1, bool stratified = false)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (k < 2 || k > data.Count)
            throw new ConfigurationException($"{k} folds of {data.Count} examples: there must be from 2 to as many folds as examples.");
        int[] order = stratified ? StratifiedOrder(data, seed) : RandomOrder(data.Count, seed);
        // In a stratified order neighbours are of different classes as far as can be, so that runs of it are stratified.
        int Start(int fold) => (int)((long)data.Count * fold / k);
        return [.. Enumerable.Range(0, k).Select(fold => new DataSplit(
            data.Select([.. order[..Start(fold)], .. order[Start(fold + 1)..]]),
            data.Select(order.AsSpan(Start(fold)..Start(fold + 1))), null))];
    }

    private static int[] RandomOrder(int count, ulong seed)
    {
        var permutation = new KeyedPermutation(count, seed, RandomStreams.Of(RandomStreams.Split));
        return [.. Enumerable.Range(0, count).Select(place => permutation[place])];
    }

    // The examples of each class are spread evenly over the order: the i-th of n stands at (i + ½)/n of it.
    private static int[] StratifiedOrder(Dataset data, ulong seed)
    {
        if (data.ClassNames is null)
            throw new ConfigurationException("A stratified split is one of classes; these targets are numbers to be met.");
        int[] order = RandomOrder(data.Count, seed), classes = [.. order.Select(example => data.ClassOf(example))];
        var counts = new int[data.TargetSize];
        foreach (int each in classes)
            counts[each]++;
        var seen = new int[data.TargetSize];
        double[] places = [.. classes.Select(each => (seen[each]++ + 0.5) / counts[each])];
        Array.Sort([.. places], order, Comparer<double>.Default);
        return order;
    }
}
