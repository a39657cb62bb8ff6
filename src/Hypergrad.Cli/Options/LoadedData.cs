using Hypergrad.Data;

namespace Hypergrad.Cli.Options;

/// <summary>The data that was asked for, before it is cut and normalised.</summary>
/// <param name="Data">The examples: for training, and for the parts that are given no source of their own.</param>
/// <param name="Name">What to call them.</param>
internal sealed record LoadedData(Dataset Data, string Name)
{
    /// <summary>What was learned in preparing them, but for the normalisation.</summary>
    public required DataEncoding Encoding { get; init; }

    /// <summary>
    /// Learns the encoding from some of the examples alone, by their numbers, and encodes all data by it; null where nothing is learned of
    /// the values of examples, or the encoding is one that was learned before.
    /// </summary>
    public Func<IReadOnlyList<int>, LoadedData>? LearnedFrom { get; init; }

    /// <summary>Finds the categories in some of the examples that the encoding has not learned; of all where none are named.</summary>
    public required Func<IReadOnlyList<int>?, IReadOnlyList<UnknownCategory>> UnknownIn { get; init; }

    /// <summary>Examples for validation from a source of their own.</summary>
    public Dataset? Validation { get; init; }

    /// <summary>Examples for the test from a source of their own.</summary>
    public Dataset? Test { get; init; }

    /// <summary>The categories in <see cref="Validation"/> that were not learned.</summary>
    public IReadOnlyList<UnknownCategory> UnknownInValidation { get; init; } = [];

    /// <summary>The categories in <see cref="Test"/> that were not learned.</summary>
    public IReadOnlyList<UnknownCategory> UnknownInTest { get; init; } = [];
}
