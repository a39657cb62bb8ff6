namespace Hypergrad.MetaOptimization;

/// <summary>
/// What a meta-optimizer remembers from one meta-step to the next. It is kept on disk to the bit, and never changed in place.
/// </summary>
/// <param name="Step">How many updates have been made.</param>
/// <param name="First">The first moment's running estimate, [coordinates]; empty where the optimizer has none.</param>
/// <param name="Second">The second moment's running estimate, [coordinates]; empty where the optimizer has none.</param>
public sealed record OptimizerState(int Step, double[] First, double[] Second)
{
    /// <summary>What else there is to remember, as arrays of any length, in an order of the optimizer's own; none by default.</summary>
    public IReadOnlyList<double[]> More { get; init; } = [];

    /// <summary>How many numbers it has in all.</summary>
    internal long Count => (long)First.Length + Second.Length + More.Sum(array => (long)array.Length);

    /// <summary>The lengths of all arrays, which no update changes.</summary>
    internal IEnumerable<int> Lengths => More.Prepend(Second).Prepend(First).Select(array => array.Length);

    /// <summary>Whether another state has the same numbers, to the bit.</summary>
    internal bool HasNumbersOf(OptimizerState other) => Step == other.Step && Lengths.SequenceEqual(other.Lengths)
        && Numbers.SequenceEqual(other.Numbers);

    private IEnumerable<long> Numbers =>
        More.Prepend(Second).Prepend(First).SelectMany(array => array).Select(BitConverter.DoubleToInt64Bits);
}
