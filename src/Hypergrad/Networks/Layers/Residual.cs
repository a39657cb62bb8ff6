using Hypergrad.Networks.Operations;

namespace Hypergrad.Networks;

/// <summary>φ(body(a) + shortcut(a)), the shortcut being a itself unless layers are given for it (He, Zhang, Ren, Sun 2016).</summary>
public sealed record Residual : Layer
{
    /// <summary>A body beside the identity.</summary>
    /// <param name="body">The layers of the body, at least one.</param>
    public Residual(params IReadOnlyList<Layer> body) => Body = body;

    /// <summary>The layers of the body.</summary>
    public IReadOnlyList<Layer> Body { get; init; }

    /// <summary>The layers of the shortcut, or null for the identity.</summary>
    public IReadOnlyList<Layer>? Shortcut { get; init; }

    /// <summary>φ, after the sum.</summary>
    public Activation Activation { get; init; } = Activation.Identity;

    /// <inheritdoc/>
    public override string Kind => "residual";

    internal static Layer Read(LayerFields fields) => new Residual(fields.Layers("body"))
    {
        Shortcut = fields.OptionalLayers("shortcut"),
        Activation = fields.Activation(),
    };

    /// <inheritdoc/>
    public override void Write(LayerWriter fields)
    {
        fields.Layers("body", Body);
        fields.Layers("shortcut", Shortcut);
        fields.Activation(Activation);
    }

    /// <inheritdoc/>
    public override Value Lower(Value input, ProgramBuilder program)
    {
        if (Body.Count == 0)
            throw program.Refuse("its body has no layers; give it at least one");
        var body = program.Lower(Body, input);
        var shortcut = Shortcut is null ? input : program.Lower(Shortcut, input);
        if (!body.Shape.Equals(shortcut.Shape))
            throw program.Refuse($"its body gives the shape {body.Shape} and its shortcut {shortcut.Shape}, which cannot be added; "
                + "give it a shortcut of layers that lead to the body's shape, such as a convolution of kernel 1 and the body's stride");
        var sum = program.Emit(new Add(body, shortcut));
        return Activation == Activation.Identity ? sum : program.Emit(new Activate(sum, Activation));
    }
}
