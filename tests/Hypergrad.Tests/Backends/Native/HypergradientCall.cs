using Hypergrad.Backends;
using Hypergrad.Backends.Native;
using Hypergrad.Data;
using Hypergrad.Hypergradients;
using Hypergrad.Hyperparameters;
using Hypergrad.Interop;
using Hypergrad.Runs;

namespace Hypergrad.Tests.Backends.Native;

/// <summary>The hypergradient of a run of one replica by the library's one call, in a context of its own.</summary>
internal sealed unsafe class HypergradientCall : IDisposable
{
    private readonly NativeArena arena = new();
    private readonly Dictionary<nint, double[]> outputs = [];
    private readonly RawRun run;
    private hg_hypergradient_request request;
    private hg_hypergradient_result result;

    public HypergradientCall(RawRun run, Dataset validation, HypergradientMethod method)
    {
        this.run = run;
        int count = run.Network.ParameterCount, examples = run.Training.Count;
        var initial = new double[count];
        run.InitialWeights.Fill(0, 0, initial);
        request = new()
        {
            struct_size = sizeof(hg_hypergradient_request),
            initial_weights = Tensor(arena.Copy<double>(initial), isDouble: true, count),
            validation_inputs = Tensor(validation.Inputs),
            validation_targets = Tensor(validation.Targets),
            validation_has_class_targets = validation.HasClassTargets ? 1 : 0,
            method = (int)(method is ReversibleMethod ? hg_method.HG_REVERSIBLE : hg_method.HG_CHECKPOINTED),
        };
        var has = run.Quantities.ToHashSet();
        result = new()
        {
            struct_size = sizeof(hg_hypergradient_result),
            initial_weights = Room(count),
            l2 = Room(count),
            l1 = Room(count),
            inputs = has.Contains(Quantity.Inputs) ? Room(examples, run.Training.Inputs.Columns) : null,
            targets = has.Contains(Quantity.Targets) ? Room(examples, run.Training.Targets.Columns) : null,
            example_weights = Room(examples),
            final_weights = Room(count),
            training_losses = Room(run.Steps),
            slots = Rooms(run.Optimizer.Slots.Select(_ => count)),
            coefficients = Rooms(run.Optimizer.Coefficients.Select(coefficient => coefficient.Values.Length)),
        };
    }

    /// <summary>The numbers that are not in a tensor.</summary>
    public ref readonly hg_hypergradient_result Result => ref result;

    public double[] FinalWeights => outputs[(nint)result.final_weights];

    public double[] TrainingLosses => outputs[(nint)result.training_losses];

    /// <summary>The gradients with respect to the run's quantities.</summary>
    public RawGradient Gradient
    {
        get
        {
            var optimizer = run.Optimizer;
            var tables = optimizer.Tables.ToDictionary(table => table.Key, table => new double[table.Value.Values.Length]);
            foreach (var (i, coefficient) in optimizer.Coefficients.Index())
                coefficient.PullBack(outputs[(nint)result.coefficients[i]], tables);
            return RawGradient.Create(quantity =>
                !run.Quantities.Contains(quantity) ? null
                : tables.TryGetValue(quantity, out double[]? table) ? table
                : outputs[(nint)TensorOf(quantity)]);
        }
    }

    /// <summary>Makes the call.</summary>
    public void Compute(Precision precision, string backend)
    {
        ulong context;
        NativeCall.Require(backend == "cuda"
            ? NativeMethods.hg_context_create_device(0, &context)
            : NativeMethods.hg_context_create_host(&context));
        using var owned = new NativeObject(context, null);
        RunDescription.Use(run, precision, Tf32Use.Nowhere, description =>
        {
            request.run = description;
            fixed (hg_hypergradient_request* asked = &request)
            fixed (hg_hypergradient_result* given = &result)
                NativeCall.Require(NativeMethods.hg_hypergradient_compute(owned.Value, asked, given));
        });
        foreach (var (tensor, values) in outputs)
            new ReadOnlySpan<double>(((hg_tensor*)tensor)->data, values.Length).CopyTo(values);
    }

    public void Dispose() => arena.Dispose();

    private hg_tensor* TensorOf(Quantity quantity) =>
        quantity == Quantity.InitialWeights ? result.initial_weights
        : quantity == Quantity.L2 ? result.l2
        : quantity == Quantity.L1 ? result.l1
        : quantity == Quantity.Inputs ? result.inputs
        : quantity == Quantity.Targets ? result.targets
        : quantity == Quantity.ExampleWeights ? result.example_weights
        : result.slots[run.Optimizer.Slots.Index().Single(slot => slot.Item.Initial == quantity).Index];

    private hg_tensor** Rooms(IEnumerable<int> counts)
    {
        nint[] tensors = [.. counts.Select(count => (nint)Room(count))];
        return (hg_tensor**)arena.Copy<nint>(tensors);
    }

    private hg_tensor* Room(params long[] shape)
    {
        var values = new double[shape.Aggregate((a, b) => a * b)];
        Array.Fill(values, double.NaN);
        var tensor = Tensor(arena.Copy<double>(values), isDouble: true, shape);
        outputs.Add((nint)tensor, values);
        return tensor;
    }

    private hg_tensor* Tensor(Table table)
    {
        void* values = table.IsDouble ? arena.Copy<double>((double[])table.Values) : arena.Copy<float>((float[])table.Values);
        return Tensor(values, table.IsDouble, table.Rows, table.Columns);
    }

    private hg_tensor* Tensor(void* values, bool isDouble, params long[] shape) => arena.Copy(new hg_tensor
    {
        data = values,
        device_type = (int)hg_tensor_device.HG_TENSOR_CPU,
        dimensions = shape.Length,
        code = (byte)hg_tensor_code.HG_TENSOR_FLOAT,
        bits = isDouble ? (byte)64 : (byte)32,
        lanes = 1,
        shape = arena.Copy<long>(shape),
    });
}
