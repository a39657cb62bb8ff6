namespace Hypergrad.Networks;

/// <summary>All numbers of an example in one row: [features].</summary>
public sealed record Flatten : Layer
{
    /// <inheritdoc/>
    public override string Kind => "flatten";

    internal static Layer Read(LayerFields fields) => new Flatten();

    /// <inheritdoc/>
    public override void Write(LayerWriter fields) { }

    /// <inheritdoc/>
    public override Value Lower(Value input, ProgramBuilder program) => input with { Shape = new(input.Shape.Count) };
}
