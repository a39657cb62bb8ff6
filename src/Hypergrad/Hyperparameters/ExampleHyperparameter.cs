using Hypergrad.Data;
using Hypergrad.Networks;

namespace Hypergrad.Hyperparameters;

/// <summary>A hyperparameter that belongs to chosen training examples.</summary>
public abstract record ExampleHyperparameter : Hyperparameter
{
    private protected ExampleHyperparameter(IReadOnlyList<int>? examples)
    {
        if (examples is { Count: 0 })
            throw new ConfigurationException($"{Subject}: no training example was chosen; name at least one, or choose all.");
        var seen = new HashSet<int>();
        foreach (int example in examples ?? [])
            if (!seen.Add(example))
                throw new ConfigurationException(
                    $"{Subject}: training example {example} was chosen twice; name every example once.");
        Examples = examples is null ? null : [.. examples];
    }

    /// <summary>The chosen examples' numbers in the training set, or null for all of them.</summary>
    public IReadOnlyList<int>? Examples { get; }

    /// <summary>The chosen examples, each one checked against the training set.</summary>
    internal int[] ChosenFrom(Dataset training)
    {
        int[] chosen = Examples is null ? [.. Enumerable.Range(0, training.Count)] : [.. Examples];
        foreach (int example in chosen)
            if (example < 0 || example >= training.Count)
                throw new ConfigurationException(
                    $"{Subject}: there is no training example {example}; they are numbered 0 to {training.Count - 1}.");
        return chosen;
    }

    private string Subject =>
        this switch { TrainingInputs => "Training inputs", SoftTargets => "Soft targets", _ => "Example weights" };

    /// <summary>How many numbers each example has.</summary>
    internal abstract int WidthOf(Dataset training);

    internal override int CountFor(Network network, Dataset training) => ChosenFrom(training).Length * WidthOf(training);

    /// <inheritdoc/>
    public override string NameOf(int index, Network network)
    {
        int width = this switch { TrainingInputs => network.InputSize, SoftTargets => network.OutputSize, _ => 1 };
        int example = Examples is null ? index / width : Examples[index / width];
        return width == 1 ? $"example {example}" : $"example {example}, position {index % width}";
    }

    internal override void PullBack(ReadOnlySpan<double> raw, PullBackContext context, Span<double> gradient)
    {
        if (Examples is null)
        {
            raw.CopyTo(gradient);
            return;
        }
        int width = gradient.Length / Examples.Count;
        for (int i = 0; i < Examples.Count; i++)
            raw.Slice(Examples[i] * width, width).CopyTo(gradient.Slice(i * width, width));
    }

    /// <summary>A choice that must be there: null would mean all examples, which only the siblings named All say.</summary>
    private protected static IReadOnlyList<int> Chosen(IReadOnlyList<int> examples) =>
        examples ?? throw new ArgumentNullException(nameof(examples));

    /// <summary>A table's chosen rows as one array.</summary>
    private protected static double[] RowsOf(Table table, int[] rows) => table.Select(rows).ToArray();
}
