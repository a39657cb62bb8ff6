using Hypergrad.Networks;

namespace Hypergrad.Hyperparameters;

/// <summary>
/// How much the networks of several tasks share, layer by layer (Maclaurin, Duvenaud, Adams 2015, section 4.3): the weights of task a are
/// Σ_j M_aj Z_j, a mixture of what is trained, Z_1 to Z_T. M = 1 trains a network for each task; equal rows train one for all of them. The
/// values are the M of all layers, [layers × tasks × tasks].
/// </summary>
public sealed class TaskMixing : WeightMap
{
    private readonly ParameterTensor[] matrices;

    private TaskMixing(Network network, ParameterTensor[] matrices, int tasks, IReadOnlyList<double> ties) : base(network)
    {
        (this.matrices, Tasks) = (matrices, tasks);
        Start = new double[matrices.Length * tasks * tasks];
        for (int layer = 0; layer < matrices.Length; layer++)
            for (int task = 0; task < tasks; task++)
            {
                var row = Start.AsSpan((layer * tasks + task) * tasks, tasks);
                row.Fill(ties[layer] / Math.Sqrt(tasks));
                row[task] += 1 - ties[layer];
                double square = 0;
                foreach (double entry in row)
                    square += entry * entry;
                foreach (ref double entry in row)
                    entry /= Math.Sqrt(square);
            }
    }

    /// <summary>T, how many tasks.</summary>
    public int Tasks { get; }

    /// <summary>How many layers have a mixing.</summary>
    public int Layers => matrices.Length;

    /// <inheritdoc/>
    public override double[] Start { get; }

    /// <summary>The mixing of a network's layers: of every held tensor that is a square matrix of the size given.</summary>
    /// <param name="network">The network.</param>
    /// <param name="tasks">T, at least 2.</param>
    /// <param name="ties">
    /// Where each layer starts, from 0, a network for each task, to 1, one for all of them. Rows start at a Euclidean norm of 1, so that
    /// what is mixed starts as large as what is trained.
    /// </param>
    /// <exception cref="ConfigurationException">No such tensor, another number of ties, or a tie that is not from 0 to 1.</exception>
    public static TaskMixing Of(Network network, int tasks, params IReadOnlyList<double> ties)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(ties);
        ParameterTensor[] matrices = [.. network.Tensors.Where(tensor =>
            tensor.Role == ParameterRole.Held && tensor.Rows == tasks && tensor.Columns == tasks)];
        if (tasks < 2 || matrices.Length == 0)
            throw new ConfigurationException($"A mixing across {tasks} tasks for the network {network}: it has no held tensor of "
                + $"{tasks} × {tasks}, one for each layer that mixes; two tasks are the fewest.");
        if (ties.Count != matrices.Length)
            throw new ConfigurationException($"{ties.Count} ties for {matrices.Length} layers that mix; give each layer one.");
        foreach (double tie in ties)
            if (!(tie >= 0 && tie <= 1))
                throw new ConfigurationException($"A tie of {tie}: it must be from 0, apart, to 1, one network for all tasks.");
        return new(network, matrices, tasks, ties);
    }

    /// <inheritdoc/>
    public override string NameOf(int index) =>
        $"task {index / Tasks % Tasks + 1} from network {index % Tasks + 1}, {matrices[index / (Tasks * Tasks)].Name}";

    /// <inheritdoc/>
    public override void Apply(ReadOnlySpan<double> values, Span<double> weights)
    {
        for (int layer = 0; layer < Layers; layer++)
            values.Slice(layer * Tasks * Tasks, Tasks * Tasks).CopyTo(weights[matrices[layer].Offset..]);
    }

    /// <inheritdoc/>
    public override void PullBack(ReadOnlySpan<double> values, ReadOnlySpan<double> raw, Span<double> gradient)
    {
        for (int layer = 0; layer < Layers; layer++)
            raw.Slice(matrices[layer].Offset, Tasks * Tasks).CopyTo(gradient[(layer * Tasks * Tasks)..]);
    }
}
