namespace Hypergrad.Networks.Operations;

/// <summary>out_p = the row of the table that token p names.</summary>
/// <param name="Tokens">Token numbers, [batch, length]: the input of the network.</param>
/// <param name="Table">[vocabulary × width].</param>
public sealed record Embed(Value Tokens, ParameterTensor Table) : Operation
{
    /// <inheritdoc/>
    public override IReadOnlyList<Value> Inputs => [Tokens];

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterTensor> Parameters => [Table];

    /// <inheritdoc/>
    public override Shape OutputShape => new(Tokens.Shape.Count, Table.Columns);
}
