using Hypergrad.Networks.Operations;

namespace Hypergrad.Networks;

/// <summary>φ(a), number by number.</summary>
/// <param name="Activation">φ.</param>
public sealed record ActivationLayer(Activation Activation) : Layer
{
    /// <inheritdoc/>
    public override string Kind => "activation";

    internal static Layer Read(LayerFields fields) => new ActivationLayer(fields.Activation());

    /// <inheritdoc/>
    public override void Write(LayerWriter fields) => fields.Activation(Activation);

    /// <inheritdoc/>
    public override Value Lower(Value input, ProgramBuilder program) =>
        Activation == Activation.Identity ? input : program.Emit(new Activate(input, Activation));
}
