using Hypergrad.Networks.Operations;

namespace Hypergrad.Networks;

/// <summary>A learned vector for each token: [length, width]. The first layer of a network of tokens.</summary>
/// <param name="Width">Numbers of a vector, at least 1.</param>
public sealed record Embedding(int Width) : Layer
{
    /// <inheritdoc/>
    public override string Kind => "embedding";

    internal static Layer Read(LayerFields fields) => new Embedding(fields.Integer("width"));

    /// <inheritdoc/>
    public override void Write(LayerWriter fields) => fields.Integer("width", Width);

    /// <inheritdoc/>
    public override Value Lower(Value input, ProgramBuilder program)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.Index != 0 || program.NetworkInput.Vocabulary is not { } vocabulary)
            throw program.Refuse("it takes tokens, and its input is numbers; it can only be the first layer of a network of tokens");
        if (Width < 1)
            throw program.Refuse($"a width of {Width}; it needs at least 1");
        var table = program.AddParameter($"E{program.BeginParameters()}", ParameterRole.Embedding, vocabulary, Width);
        return program.Emit(new Embed(input, table));
    }
}
