using Hypergrad.Networks;
using Hypergrad.Networks.Operations;

namespace Hypergrad.Experiments.Papers;

/// <summary>
/// A dense layer from a signal to [units, 1, channels] whose weights are a convolution and what differs from it: every unit has the same
/// kernel, moved by a shift from unit to unit (<see cref="ShiftedWindows"/>), and weights of its own. A penalty on the latter pulls the
/// layer towards shift-invariance. Three layers with weights: what gathers the windows, which is held; the kernel; the weights of its own.
/// </summary>
/// <param name="Units">Places at which the kernel is applied.</param>
/// <param name="Kernel">Samples of a window.</param>
/// <param name="Channels">Outputs of each unit.</param>
internal sealed record NearConvolution(int Units, int Kernel, int Channels) : Layer
{
    /// <inheritdoc/>
    public override string Kind => "nearConvolution";

    /// <inheritdoc/>
    public override void Write(LayerWriter fields)
    {
        fields.Integer("units", Units);
        fields.Integer("kernel", Kernel);
        fields.Integer("channels", Channels);
    }

    /// <inheritdoc/>
    public override Value Lower(Value input, ProgramBuilder program)
    {
        if (input.Shape.Rank != 1 || input.Shape.Count < 2)
            throw program.Refuse($"it takes a signal [samples] of two or more, and its input has the shape {input.Shape}");
        int layer = program.BeginParameters();
        var gather = program.AddParameter($"A{layer}", ParameterRole.Held, input.Shape.Count, Units * Kernel);
        var zero = program.AddParameter($"a{layer}", ParameterRole.Held, 1, Units * Kernel, gather);
        var windows = program.Emit(new Affine(input, gather, zero, Activation.Identity, null)) with { Shape = new(Units, Kernel) };
        Value Dense(Value from, int units)
        {
            var (weight, bias) = program.AddAffineParameters($"{program.BeginParameters()}", from.Shape.Last, units);
            return program.Emit(new Affine(from, weight, bias, Activation.Identity, null));
        }
        var convolved = Dense(windows, Channels);
        var own = Dense(input, Units * Channels) with { Shape = new(Units, Channels) };
        var sum = program.Emit(new Add(convolved, own));
        return program.Emit(new Activate(sum, Activation.Relu)) with { Shape = new(Units, 1, Channels) };
    }
}
