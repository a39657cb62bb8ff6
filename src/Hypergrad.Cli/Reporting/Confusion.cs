namespace Hypergrad.Cli.Reporting;

/// <summary>How often each class was predicted where each class was right.</summary>
/// <param name="Part">The examples, such as "test".</param>
/// <param name="Classes">The names of the classes.</param>
/// <param name="Counts">How many examples, [right class][predicted class].</param>
internal sealed record Confusion(string Part, IReadOnlyList<string> Classes, IReadOnlyList<IReadOnlyList<long>> Counts)
{
    public long Total => Counts.Sum(row => row.Sum());

    public double Accuracy => Classes.Select((_, c) => Counts[c][c]).Sum() / (double)Total;
}
