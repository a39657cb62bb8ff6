using System.Numerics;
using Hypergrad.Backends.Managed.Losses;
using Hypergrad.Backends.Managed.Memory;
using Hypergrad.Backends.Managed.Operations;
using Hypergrad.Backends.Managed.Simd;
using Hypergrad.Data;
using Hypergrad.Networks;

namespace Hypergrad.Backends.Managed;

/// <summary>
/// The passes of a network's program over one batch: its operations in their order forward, in the opposite order backward, the loss in
/// between.
/// </summary>
internal sealed unsafe class NetworkPasses<T> : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Network network;
    private readonly Team<T> team;
    private readonly bool ownsTeam;
    private readonly LossPasses<T> loss;
    private readonly ManagedValue<T>[] values;
    private readonly OperationKernel<T>[] operations;
    private readonly NativeBuffer<T> targets, probabilities, rowFactors;
    private readonly NativeBuffer<double> rowLosses;
    private readonly double[] losses, lossTangents;
    private readonly T[] factors;
    private NativeBuffer<T>? targetTangent;
    private NativeBuffer<double>? rowLossTangents;
    private int batch;

    /// <summary>Makes room for batches.</summary>
    /// <param name="network">The network.</param>
    /// <param name="capacity">The most examples a batch will have.</param>
    /// <param name="workers">Who shares the work.</param>
    /// <param name="seed">The run's seed.</param>
    public NetworkPasses(Network network, int capacity, Workers workers, ulong seed)
        : this(network, capacity, new Team<T>(workers), seed, Lasting.All, null) => ownsTeam = true;

    /// <summary>The same, by a team that is shared with others.</summary>
    /// <param name="network">The network.</param>
    /// <param name="capacity">The most examples a batch will have.</param>
    /// <param name="team">Who computes it.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="lasting">What of an evaluation lasts until its tangent is taken.</param>
    /// <param name="places">Where adjoints lie that do not last; null where they do, or are borrowed.</param>
    public NetworkPasses(Network network, int capacity, Team<T> team, ulong seed, Lasting lasting, AdjointPlaces? places)
    {
        (this.network, this.team) = (network, team);
        (Capacity, Lasting) = (capacity, lasting);
        loss = LossPasses<T>.For(network.Loss);
        values = ManagedValue<T>.Of(network.Program, capacity, places);
        operations = KernelsOf(network.Program, values, team, capacity, seed, lasting);
        long outputs = (long)capacity * network.OutputShape.Count, rows = (long)capacity * Positions;
        (targets, probabilities, rowFactors, rowLosses) = (new(outputs), new(outputs), new(rows), new(rows));
        (losses, lossTangents, factors) = (new double[capacity], new double[capacity], new T[capacity]);
    }

    /// <summary>What of an evaluation lasts until its tangent is taken.</summary>
    public Lasting Lasting { get; }

    /// <summary>The most examples a batch may have.</summary>
    public int Capacity { get; }

    /// <summary>ℓ of each example of the batch, after <see cref="EvaluateLoss"/>.</summary>
    public ReadOnlySpan<double> Losses => losses.AsSpan(0, batch);

    /// <summary>c = ω/B of each example: what its loss counts with.</summary>
    public Span<T> Factors => factors.AsSpan(0, batch);

    /// <summary>c over the positions of the example: what each row's loss counts with.</summary>
    public ReadOnlySpan<T> RowFactors => new(rowFactors.Pointer, batch * Positions);

    /// <summary>
    /// The derivative along the direction of ∂ℓ/∂y of each row, [batch × positions × outputs], after <see cref="EvaluateLossTangent"/>.
    /// </summary>
    public ReadOnlySpan<T> TargetTangent => new(targetTangent!.Pointer, batch * network.OutputShape.Count);

    /// <summary>The derivative along the direction of ℓ of each example, after <see cref="EvaluateLossTangent"/>.</summary>
    public ReadOnlySpan<double> LossTangents => lossTangents.AsSpan(0, batch);

    /// <summary>The derivative along the direction of ∂L/∂x, [batch × input size], after <see cref="TangentBackward"/>.</summary>
    public ReadOnlySpan<T> InputGradientTangent => new(values[0].AdjointTangent, batch * network.InputSize);

    /// <summary>The outputs of the batch, [batch × positions × outputs], after <see cref="Forward"/>.</summary>
    public ReadOnlySpan<T> Outputs => new(Output.Data, batch * network.OutputShape.Count);

    private int Positions => network.OutputShape.Positions;

    private ManagedValue<T> Output => values[network.Program.Output.Index];

    /// <summary>Gathers a batch. The caller then fills <see cref="Factors"/>.</summary>
    public void Load(Dataset data, ReadOnlyMemory<int> examples)
    {
        const int chunk = 32;
        batch = examples.Length;
        int inputSize = network.InputSize, outputs = network.OutputShape.Count;
        T* inputs = values[0].Data;
        team.Workers.For((batch + chunk - 1) / chunk, part =>
        {
            var wanted = examples.Span;
            int first = part * chunk, end = Math.Min(batch, first + chunk);
            data.Inputs.Gather(wanted[first..end], inputs + (long)first * inputSize);
            for (int row = first; row < end; row++)
            {
                var target = new Span<T>(targets.Pointer + (long)row * outputs, outputs);
                if (!data.HasClassTargets)
                {
                    data.Targets.CopyRow(wanted[row], target);
                    continue;
                }
                target.Clear();
                for (int position = 0; position < Positions; position++)
                    target[position * network.OutputSize + (int)data.Targets[wanted[row], position]] = T.One;
            }
        });
    }

    /// <summary>Takes consecutive examples as the batch, for a forward pass alone: their targets are not loaded.</summary>
    public void LoadInputs(Table inputs, int first, int count)
    {
        batch = count;
        for (int row = 0; row < count; row++)
            inputs.CopyRow(first + row, new Span<T>(values[0].Data + (long)row * network.InputSize, network.InputSize));
    }

    /// <summary>Forward through all operations.</summary>
    public void Forward(in PassContext<T> context)
    {
        foreach (var operation in operations)
            operation.Forward(context);
    }

    /// <summary>The output's adjoint and, where they are to be noted, the losses.</summary>
    public void EvaluateLoss(bool notes)
    {
        T share = T.One / T.CreateTruncating(Positions);
        for (int row = 0; row < batch * Positions; row++)
            rowFactors.Pointer[row] = Positions == 1 ? factors[row] : factors[row / Positions] * share;
        loss.Evaluate(LossRows, probabilities.Pointer, Output.Adjoint, notes ? rowLosses.Pointer : null);
        if (notes)
            MeanOverPositions(rowLosses.Pointer, losses);
    }

    /// <summary>At how many positions of the batch the largest output is elsewhere than the largest target.</summary>
    public int CountErrors()
    {
        int errors = 0, columns = network.OutputSize;
        for (int row = 0; row < batch * Positions; row++)
        {
            var outputs = new ReadOnlySpan<T>(Output.Data + (long)row * columns, columns);
            var wanted = new ReadOnlySpan<T>(targets.Pointer + (long)row * columns, columns);
            if (Rows.IndexOfLargest(outputs) != Rows.IndexOfLargest(wanted))
                errors++;
        }
        return errors;
    }

    /// <summary>Backward through all operations.</summary>
    public void Backward(in PassContext<T> context)
    {
        for (int i = operations.Length - 1; i >= 0; i--)
            operations[i].Backward(context);
    }

    /// <summary>Takes its input and adjoints into others' room from now on.</summary>
    /// <param name="others">Passes of the same network, for batches as large.</param>
    public void BorrowInputAndAdjoints(NetworkPasses<T> others)
    {
        values[0].DataLender = others.values[0];
        for (int i = 0; i < values.Length; i++)
            values[i].AdjointLender = others.values[i];
    }

    /// <summary>Takes tangents into others' room from now on.</summary>
    /// <param name="room">Values of the same network, for batches as large.</param>
    public void BorrowTangents(ManagedValue<T>[] room)
    {
        for (int i = 0; i < values.Length; i++)
            values[i].Lender = room[i];
    }

    /// <summary>Forward through all operations, along the direction.</summary>
    public void TangentForward(in PassContext<T> context)
    {
        foreach (var operation in operations)
            operation.TangentForward(context);
    }

    /// <summary>Forward along the direction where the values are kept; <see cref="BackwardWithTangent"/> comes after it.</summary>
    public void TangentForwardOfKept(in PassContext<T> context)
    {
        foreach (var operation in operations)
            operation.TangentForwardOfKept(context);
    }

    /// <summary>
    /// Forward through all operations, each along the direction too before the next: what it reads and writes is in the cache then.
    /// </summary>
    public void ForwardWithTangent(in PassContext<T> context)
    {
        foreach (var operation in operations)
            operation.ForwardWithTangent(context);
    }

    /// <summary>The tangents of the output's adjoint, of the losses, and of their derivatives by the targets.</summary>
    public void EvaluateLossTangent()
    {
        targetTangent ??= new(targets.Length);
        rowLossTangents ??= new(rowLosses.Length);
        loss.EvaluateTangent(
            LossRows, probabilities.Pointer, Output.Tangent, Output.AdjointTangent, targetTangent.Pointer, rowLossTangents.Pointer);
        MeanOverPositions(rowLossTangents.Pointer, lossTangents);
    }

    /// <summary>Backward through all operations, along the direction.</summary>
    public void TangentBackward(in PassContext<T> context)
    {
        for (int i = operations.Length - 1; i >= 0; i--)
            operations[i].TangentBackward(context);
    }

    /// <summary>Backward through all operations, each along the direction too before the next.</summary>
    public void BackwardWithTangent(in PassContext<T> context)
    {
        for (int i = operations.Length - 1; i >= 0; i--)
            operations[i].BackwardWithTangent(context);
    }

    public void Dispose()
    {
        foreach (var operation in operations)
            operation.Dispose();
        foreach (var value in values)
            value.Dispose();
        foreach (var buffer in new[] { targets, probabilities, rowFactors, targetTangent })
            buffer?.Dispose();
        rowLosses.Dispose();
        rowLossTangents?.Dispose();
        if (ownsTeam)
            team.Dispose();
    }

    private LossRows<T> LossRows => new()
    {
        Outputs = Output.Data,
        Targets = targets.Pointer,
        Factors = rowFactors.Pointer,
        Rows = batch * Positions,
        Columns = network.OutputSize,
    };

    private void MeanOverPositions(double* rows, double[] examples)
    {
        for (int example = 0; example < batch; example++)
        {
            double sum = 0;
            for (int position = 0; position < Positions; position++)
                sum += rows[example * Positions + position];
            examples[example] = sum / Positions;
        }
    }

    // Walking backward, the first operation that reads a value overwrites its adjoint, those after it add.
    private static OperationKernel<T>[] KernelsOf(
        NetworkProgram program, ManagedValue<T>[] values, Team<T> team, int capacity, ulong seed, Lasting lasting)
    {
        var kernels = new OperationKernel<T>[program.Operations.Count];
        var written = new HashSet<int>();
        for (int i = kernels.Length - 1; i >= 0; i--)
        {
            var operation = program.Operations[i];
            OperationInput<T>[] inputs = [.. operation.Inputs.Select(input =>
                new OperationInput<T>(values[input.Index], !written.Add(input.Index)))];
            kernels[i] = OperationKernels.For(operation, inputs, values[operation.Output.Index], team, capacity, seed, lasting);
        }
        return kernels;
    }
}
