using System.Runtime.InteropServices;
using Hypergrad.Data;
using Hypergrad.Hyperparameters;
using Hypergrad.Interop;
using Hypergrad.Networks;
using Hypergrad.Runs;

namespace Hypergrad.Backends.Native;

/// <summary>Writes a run down in the plain numbers from which the native library opens a session. The library copies all of them.</summary>
internal static unsafe class RunDescription
{
    /// <summary>What is done with a run's description while the memory behind it stands still.</summary>
    public delegate void DescriptionUse(hg_session_description* description);

    /// <summary>Opens a session, on the context's copy of the training data.</summary>
    public static NativeObject Open(NativeObject context, NativeDatasets datasets, RawRun run, Precision precision, Tf32Use tf32)
    {
        ulong session = 0;
        datasets.Use(run.Training, dataset => Use(run, precision, tf32, description =>
        {
            ulong opened;
            description->dataset = dataset;
            NativeCall.Require(NativeMethods.hg_session_create(context.Value, description, &opened));
            session = opened;
        }));
        return new(session, context);
    }

    /// <summary>Hands a run's description over.</summary>
    public static void Use(RawRun run, Precision precision, Tf32Use tf32, DescriptionUse use)
    {
        var (program, optimizer, training, plan) = (run.Network.Program, run.Optimizer, run.Training, run.Minibatches);
        var (sampling, seed) = SamplingOf(plan);
        var (offsets, examples) = sampling == hg_sampling.HG_EXPLICIT_BATCHES ? Batches(plan, run.Steps) : ([], []);
        using var arena = new NativeArena();
        fixed (hg_value* values = ProgramDescription.ValuesOf(program))
        fixed (hg_parameter* parameters = ProgramDescription.ParametersOf(program, arena))
        fixed (hg_operation* operations = ProgramDescription.OperationsOf(program, arena))
        fixed (hg_slot* slots = OptimizerDescription.SlotsOf(optimizer, arena))
        fixed (hg_coefficient* coefficients = OptimizerDescription.CoefficientsOf(optimizer, arena))
        fixed (hg_update* updates = OptimizerDescription.UpdatesOf(optimizer))
        fixed (byte* inputs = &MemoryMarshal.GetArrayDataReference(training.Inputs.Values))
        fixed (byte* targets = &MemoryMarshal.GetArrayDataReference(training.Targets.Values))
        fixed (double* weights = run.ExampleWeights, l2 = Spread(run.Network, run.L2), l1 = Spread(run.Network, run.L1))
        fixed (long* batchOffsets = offsets)
        fixed (int* batchExamples = examples)
        {
            var description = new hg_session_description
            {
                struct_size = sizeof(hg_session_description),
                values = values,
                parameters = parameters,
                operations = operations,
                slots = slots,
                coefficients = coefficients,
                updates = updates,
                inputs = inputs,
                targets = targets,
                example_weights = weights,
                batch_offsets = batchOffsets,
                batch_examples = batchExamples,
                l2 = l2,
                l1 = l1,
                seed = seed,
                dropout_seed = run.Seed,
                value_count = program.ValueCount,
                parameter_count = program.Parameters.Count,
                operation_count = program.Operations.Count,
                slot_count = optimizer.Slots.Count,
                coefficient_count = optimizer.Coefficients.Count,
                update_count = optimizer.Updates.Count,
                output = program.Output.Index,
                outputs = program.Output.Shape.Last,
                vocabulary = program.Input.Vocabulary ?? 0,
                has_class_targets = training.HasClassTargets ? 1 : 0,
                loss = (int)(run.Network.Loss == Loss.Squared ? hg_loss.HG_SQUARED : hg_loss.HG_SOFTMAX_CROSS_ENTROPY),
                precision = NumberOf(precision == Precision.Double),
                input_type = NumberOf(training.Inputs.IsDouble),
                target_type = NumberOf(training.Targets.IsDouble),
                examples = training.Count,
                sampling = (int)sampling,
                batch_size = plan.MaximumBatchSize,
                steps = run.Steps,
                replicas = run.Replicas,
                allow_tf32 = (int)NumberOf(tf32),
            };
            use(&description);
        }
    }

    /// <summary>The number of a floating-point type.</summary>
    public static int NumberOf(bool isDouble) => (int)(isDouble ? hg_precision.HG_DOUBLE : hg_precision.HG_SINGLE);

    private static hg_tf32 NumberOf(Tf32Use tf32) => tf32 switch
    {
        Tf32Use.Everywhere => hg_tf32.HG_TF32_EVERYWHERE,
        Tf32Use.Tangents => hg_tf32.HG_TF32_IN_TANGENTS,
        _ => hg_tf32.HG_TF32_NOWHERE,
    };

    private static (hg_sampling Sampling, ulong Seed) SamplingOf(MinibatchPlan plan) => plan switch
    {
        ShuffledMinibatches shuffled => (hg_sampling.HG_SHUFFLED, shuffled.Seed),
        ReplacementMinibatches drawn => (hg_sampling.HG_WITH_REPLACEMENT, drawn.Seed),
        FullBatches => (hg_sampling.HG_FULL_BATCH, 0),
        _ => (hg_sampling.HG_EXPLICIT_BATCHES, 0),
    };

    private static (long[] Offsets, int[] Examples) Batches(MinibatchPlan plan, int steps)
    {
        var offsets = new long[steps + 1];
        for (int step = 0; step < steps; step++)
            offsets[step + 1] = offsets[step] + plan.BatchSize(step);
        var examples = new int[offsets[steps]];
        for (int step = 0; step < steps; step++)
            plan.Indices(step, 0, examples.AsSpan((int)offsets[step]));
        return (offsets, examples);
    }

    // A penalty of zeros is no penalty.
    private static double[]? Spread(Network network, PenaltyTable? table)
    {
        if (table is null || !table.Values.ContainsAnyExcept(0.0))
            return null;
        var weights = new double[network.ParameterCount];
        table.Grouping.Spread(table.Values, weights);
        return weights;
    }
}
