using Hypergrad.Data;
using Hypergrad.Experiments.Running;

namespace Hypergrad.Experiments.Papers;

/// <summary>A training set whose labels were corrupted with probability one half, and which they are.</summary>
/// <param name="Corrupted">The set that training sees.</param>
/// <param name="True">The same examples with their true labels.</param>
/// <param name="IsCorrupted">For each example, whether its label is wrong.</param>
internal sealed record CorruptedLabels(Dataset Corrupted, Dataset True, bool[] IsCorrupted)
{
    /// <summary>The examples whose labels are right.</summary>
    public Dataset CleanHalf => True.Select([.. IsCorrupted.Index().Where(entry => !entry.Item).Select(entry => entry.Index)]);

    /// <summary>Gives half of the examples another class's label.</summary>
    public static CorruptedLabels Make(Dataset data, ulong seed)
    {
        var random = new Random(unchecked((int)seed));
        var isCorrupted = new bool[data.Count];
        var targets = new float[data.Count * data.TargetSize];
        for (int example = 0; example < data.Count; example++)
        {
            int label = Enumerable.Range(0, data.TargetSize).First(place => data.Targets[example, place] > 0.5);
            isCorrupted[example] = random.Next(2) == 0;
            if (isCorrupted[example])
                label = (label + random.Next(1, data.TargetSize)) % data.TargetSize;
            targets[example * data.TargetSize + label] = 1;
        }
        return new(new(data.Inputs, new Table(targets, data.TargetSize, "target")), data, isCorrupted);
    }

    /// <summary>The F1 score of taking the examples whose weight fell for the corrupted ones.</summary>
    /// <param name="weights">The learned weights.</param>
    /// <param name="initial">Where all of them started.</param>
    public double F1(double[] weights, double initial) => Statistics.F1([.. weights.Select(weight => weight < initial)], IsCorrupted);
}
