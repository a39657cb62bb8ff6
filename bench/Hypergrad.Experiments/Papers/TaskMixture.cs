using Hypergrad.Networks;
using Hypergrad.Networks.Operations;

namespace Hypergrad.Experiments.Papers;

/// <summary>
/// A dense layer for each of T tasks, the weights of each a mixture of T sets: φ(x_a Σ_j M_aj W_j + Σ_j M_aj b_j) of [tasks, features]. M,
/// [tasks × tasks], is held: a hyperparameter. A layer of a person's own, made of the library's operations.
/// </summary>
/// <param name="Units">Outputs for each task.</param>
/// <param name="Activation">φ.</param>
internal sealed record TaskMixture(int Units, Activation Activation = Activation.Identity) : Layer
{
    /// <inheritdoc/>
    public override string Kind => "taskMixture";

    /// <inheritdoc/>
    public override void Write(LayerWriter fields)
    {
        fields.Integer("units", Units);
        fields.Activation(Activation);
    }

    /// <inheritdoc/>
    public override Value Lower(Value input, ProgramBuilder program)
    {
        if (input.Shape.Rank != 2)
            throw program.Refuse($"it takes [tasks, features], and its input has the shape {input.Shape}");
        if (Units < 1)
            throw program.Refuse($"{Units} units; it needs at least 1");
        int tasks = input.Shape[0], layer = program.BeginParameters();
        var (weight, bias) = program.AddAffineParameters($"{layer}", input.Shape.Last, tasks * Units);
        var ofEachSet = program.Emit(new Affine(input, weight, bias, Activation.Identity, null));
        var mixing = Mixing(input, tasks, layer, program);
        // For every task a row of M times the outputs of all sets, [1 × T] · [T × units].
        var mixed = program.Emit(new BatchedProduct(
            mixing, new(tasks, tasks), ofEachSet, new(Units, tasks * Units), false, new(Units, Units), tasks, 1, Units, tasks, 1,
            new(tasks, Units)));
        return Activation == Activation.Identity ? mixed : program.Emit(new Activate(mixed, Activation));
    }

    // M as a value: it is added to the zeros that held weights of 0 give.
    private static Value Mixing(Value input, int tasks, int layer, ProgramBuilder program)
    {
        var zero = program.AddParameter($"Z{layer}", ParameterRole.Held, input.Shape.Last, tasks);
        var shift = program.AddParameter($"z{layer}", ParameterRole.Held, 1, tasks, zero);
        var zeros = program.Emit(new Affine(input, zero, shift, Activation.Identity, null));
        return program.Emit(new AddParameter(zeros, program.AddParameter($"M{layer}", ParameterRole.Held, tasks, tasks)));
    }
}
