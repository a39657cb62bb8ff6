using System.Globalization;

namespace Hypergrad.Models;

/// <summary>What a model predicts for some examples.</summary>
public sealed class Predictions
{
    private readonly double[] values;

    internal Predictions(double[] values, int count, int positions, int outputs, IReadOnlyList<string>? classNames) =>
        (this.values, Count, Positions, Outputs, ClassNames) = (values, count, positions, outputs, classNames);

    /// <summary>How many examples.</summary>
    public int Count { get; }

    /// <summary>Predictions of one example: 1, or one for each position of a sequence.</summary>
    public int Positions { get; }

    /// <summary>Numbers of one prediction: the classes, or the targets of a regression.</summary>
    public int Outputs { get; }

    /// <summary>The names of the classes; null for a regression, and for classes without names.</summary>
    public IReadOnlyList<string>? ClassNames { get; }

    /// <summary>
    /// The numbers of one prediction, [outputs]: the probabilities of the classes under softmax cross-entropy, else the network's outputs
    /// in the units of the data; the means over the replicas of an ensemble.
    /// </summary>
    /// <param name="example">From 0.</param>
    /// <param name="position">From 0.</param>
    public ReadOnlySpan<double> Of(int example, int position = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(example);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(example, Count);
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(position, Positions);
        return values.AsSpan((example * Positions + position) * Outputs, Outputs);
    }

    /// <summary>Whether the numbers belong to classes, and not to the targets of a regression.</summary>
    public required bool AreOfClasses { get; init; }

    /// <summary>The name of a class; its number where classes have no names.</summary>
    /// <param name="number">The number of the class, from 0.</param>
    public string NameOf(int number) => ClassNames?[number] ?? number.ToString(CultureInfo.InvariantCulture);

    /// <summary>The number of the class with the largest output; the first among equals.</summary>
    /// <inheritdoc cref="Of"/>
    public int ClassOf(int example, int position = 0)
    {
        var outputs = Of(example, position);
        int largest = 0;
        for (int i = 1; i < outputs.Length; i++)
            if (outputs[i] > outputs[largest])
                largest = i;
        return largest;
    }

    /// <summary>The name of the class with the largest output; its number where classes have no names.</summary>
    /// <inheritdoc cref="Of"/>
    public string ClassNameOf(int example, int position = 0) => NameOf(ClassOf(example, position));
}
