using Hypergrad.Experiments.Pages;
using Hypergrad.Experiments.Running;

namespace Hypergrad.Experiments.Papers;

/// <summary>How much tasks share of a layer: the cosines between the rows of its mixing.</summary>
/// <param name="Cosines">[tasks × tasks], 1 for the same mixture, 0 for nothing in common.</param>
/// <param name="Tasks">How many tasks.</param>
internal sealed record SharingMatrix(double[] Cosines, int Tasks)
{
    /// <summary>Of a layer of a mixing.</summary>
    /// <param name="mixing">[layers × tasks × tasks].</param>
    /// <param name="layer">The layer, from 0.</param>
    /// <param name="tasks">How many tasks.</param>
    public static SharingMatrix Of(double[] mixing, int layer, int tasks)
    {
        double[] Row(int task) => mixing[((layer * tasks + task) * tasks)..((layer * tasks + task + 1) * tasks)];
        return new([.. Enumerable.Range(0, tasks * tasks).Select(i => Statistics.Cosine(Row(i / tasks), Row(i % tasks)))], tasks);
    }

    /// <summary>The mean over the pairs of tasks that are so far apart.</summary>
    public double MeanOfPairs(int distance) => Pairs().Where(pair => pair.Second - pair.First == distance).Average(At);

    /// <summary>The mean over all other pairs.</summary>
    public double MeanOfOthers(int distance) => Pairs().Where(pair => pair.Second - pair.First != distance).Average(At);

    /// <summary>The layers' matrices side by side.</summary>
    public static ImageGrid Grid(SharingMatrix[] layers, string[] names) => new(
        "What the tasks share", "One picture for each layer, from the input up; rows and columns are the tasks in the order "
            + $"{string.Join("; ", names.Index().Select(name => $"{name.Index + 1} {name.Item}"))}; the number on the diagonal stands "
            + $"for its "
            + "row and its column. 1: both are the same mixture; 0: they share nothing. Near white: as the middle pair of tasks; "
            + "brown: they "
            + "share more than most; blue: less.",
        "cosine of two tasks' mixtures", ScaleOf(layers), layers[0].Tasks,
        [.. layers.Select((layer, i) => ($"layer {i + 1}", layer.Cosines))])
    { Columns = layers.Length, IsNumbered = true };

    // About the middle pair, so that the pairs differ in colour; a task with itself is beyond it.
    private static ColourScale ScaleOf(SharingMatrix[] layers)
    {
        double[] pairs = [.. layers.SelectMany(layer => layer.Pairs().Select(layer.At))];
        return ColourScale.About(Statistics.Median(pairs), pairs);
    }

    private IEnumerable<(int First, int Second)> Pairs() =>
        Enumerable.Range(0, Tasks).SelectMany(first => Enumerable.Range(first + 1, Tasks - first - 1).Select(second => (first, second)));

    private double At((int First, int Second) pair) => Cosines[pair.First * Tasks + pair.Second];
}
