using Hypergrad.Networks.Operations;

namespace Hypergrad.Networks;

/// <summary>φ(aW + b) over the last axis; of an image or a sequence, at every position alike.</summary>
/// <param name="Units">Outputs, at least 1.</param>
/// <param name="Activation">φ.</param>
public sealed record Dense(int Units, Activation Activation = Activation.Identity) : Layer
{
    /// <inheritdoc/>
    public override string Kind => "dense";

    internal static Layer Read(LayerFields fields) => new Dense(fields.Integer("units"), fields.Activation());

    /// <inheritdoc/>
    public override void Write(LayerWriter fields)
    {
        fields.Integer("units", Units);
        fields.Activation(Activation);
    }

    /// <inheritdoc/>
    public override Value Lower(Value input, ProgramBuilder program)
    {
        if (Units < 1)
            throw program.Refuse($"{Units} units; it needs at least 1");
        var (weight, bias) = program.AddAffineParameters($"{program.BeginParameters()}", input.Shape.Last, Units);
        return program.Emit(new Affine(input, weight, bias, Activation, null));
    }
}
