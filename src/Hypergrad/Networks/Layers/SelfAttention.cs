using Hypergrad.Networks.Operations;

namespace Hypergrad.Networks;

/// <summary>
/// Multi-head attention of a sequence [length, width] to itself (Vaswani et al. 2017): softmax(QKᵀ/√d)V per head of d = width/heads, with
/// Q, K, V and the result each an affine map.
/// </summary>
/// <param name="Heads">How many heads, which must divide the width.</param>
/// <param name="IsCausal">Whether a position looks only at itself and those before it.</param>
public sealed record SelfAttention(int Heads, bool IsCausal = false) : Layer
{
    /// <inheritdoc/>
    public override string Kind => "attention";

    internal static Layer Read(LayerFields fields) => new SelfAttention(fields.Integer("heads"), fields.Flag("causal"));

    /// <inheritdoc/>
    public override void Write(LayerWriter fields)
    {
        fields.Integer("heads", Heads);
        fields.Flag("causal", IsCausal);
    }

    /// <inheritdoc/>
    public override Value Lower(Value input, ProgramBuilder program)
    {
        var shape = input.Shape;
        if (shape.Rank != 2)
            throw program.Refuse($"it takes a sequence [length, width], and its input has the shape {shape}");
        if (Heads < 1 || shape[1] % Heads != 0)
            throw program.Refuse($"{Heads} heads do not divide the width {shape[1]} of its input {shape}");
        int length = shape[0], width = shape[1], depth = width / Heads, layer = program.BeginParameters();
        Value Project(string name, Value from)
        {
            var (weight, bias) = program.AddAffineParameters($"{name}{layer}", width, width);
            return program.Emit(new Affine(from, weight, bias, Activation.Identity, null));
        }
        var (query, key, value) = (Project("q", input), Project("k", input), Project("v", input));
        MatrixLayout ofHead = new(width, depth), ofScores = new(length, length * length);
        var scores = program.Emit(new BatchedProduct(
            query, ofHead, key, ofHead, true, ofScores, Heads, length, length, depth, 1 / Math.Sqrt(depth), new(Heads, length, length)));
        var attention = program.Emit(new RowSoftmax(scores, IsCausal));
        var mixed = program.Emit(new BatchedProduct(
            attention, ofScores, value, ofHead, false, ofHead, Heads, length, depth, length, 1, shape));
        return Project("o", mixed);
    }
}
