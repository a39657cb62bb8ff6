using Hypergrad.Data;

namespace Hypergrad.Cli.Options;

/// <summary>A source that was read, once: a table, which an encoding makes examples of, or examples that need none.</summary>
internal sealed record OpenSource
{
    private readonly RawTable? table;
    private readonly Dataset? examples;

    public OpenSource(RawTable table) => this.table = table;

    public OpenSource(Dataset examples) => this.examples = examples;

    /// <summary>The table; null where there is none.</summary>
    public RawTable? Table => table;

    /// <summary>The examples.</summary>
    /// <exception cref="DataException">The table does not fit the encoding.</exception>
    public Dataset Encode(DataEncoding encoding) => examples ?? encoding.Encode(table!);

    /// <summary>The categories that the encoding has not learned, in some of the examples, or in all.</summary>
    public IReadOnlyList<UnknownCategory> UnknownBy(DataEncoding encoding, IReadOnlyList<int>? chosen = null) =>
        table is null ? [] : encoding.UnknownIn(table, chosen);
}
