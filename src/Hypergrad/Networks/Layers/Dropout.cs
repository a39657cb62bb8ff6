using Hypergrad.Networks.Operations;

namespace Hypergrad.Networks;

/// <summary>
/// Sets a part of the numbers to 0 in training and divides the others by what is left (Srivastava et al. 2014). The rate is not tuned: a
/// loss is no differentiable function of it.
/// </summary>
/// <param name="Rate">The part set to 0, at least 0 and below 1.</param>
public sealed record Dropout(double Rate) : Layer
{
    /// <inheritdoc/>
    public override string Kind => "dropout";

    internal static Layer Read(LayerFields fields) => new Dropout(fields.Number("rate"));

    /// <inheritdoc/>
    public override void Write(LayerWriter fields) => fields.Number("rate", Rate);

    /// <inheritdoc/>
    public override Value Lower(Value input, ProgramBuilder program)
    {
        if (!(Rate is >= 0 and < 1))
            throw program.Refuse($"a rate of {Rate}; it must be at least 0 and below 1");
        return Rate == 0 ? input : program.Emit(new DropUnits(input, Rate, program.NextDropout()));
    }
}
