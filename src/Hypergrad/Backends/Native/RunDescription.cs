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
    /// <summary>Opens a session.</summary>
    public static NativeObject Open(NativeObject context, TrainingRun run, Precision precision, bool allowTf32)
    {
        var (model, training, plan, learningRate, momentum) = (run.Model, run.Training, run.Minibatches, run.LearningRate, run.Momentum);
        var (sampling, seed) = SamplingOf(plan);
        var (offsets, examples) = sampling == hg_sampling.HG_EXPLICIT_BATCHES ? Batches(plan, run.Steps) : ([], []);
        fixed (int* layers = model.Layers.ToArray(), batchExamples = examples)
        fixed (byte* inputs = &MemoryMarshal.GetArrayDataReference(training.Inputs.Values))
        fixed (byte* targets = &MemoryMarshal.GetArrayDataReference(training.Targets.Values))
        fixed (double* weights = run.ExampleWeights, l2 = Spread(model, run.L2), l1 = Spread(model, run.L1))
        fixed (double* learningRates = learningRate.Values, momenta = momentum.Values)
        fixed (long* batchOffsets = offsets)
        fixed (hg_group_pattern* learningRatePatterns = PatternsOf(learningRate.Grouping), momentumPatterns = PatternsOf(momentum.Grouping))
        {
            var description = new hg_session_description
            {
                layers = layers,
                inputs = inputs,
                targets = targets,
                example_weights = weights,
                batch_offsets = batchOffsets,
                batch_examples = batchExamples,
                learning_rate_patterns = learningRatePatterns,
                momentum_patterns = momentumPatterns,
                learning_rates = learningRates,
                momenta = momenta,
                l2 = l2,
                l1 = l1,
                seed = seed,
                layer_count = model.Layers.Count,
                activation = (int)NumberOf(model.Activation),
                loss = (int)(model.Loss == Loss.Squared ? hg_loss.HG_SQUARED : hg_loss.HG_SOFTMAX_CROSS_ENTROPY),
                precision = NumberOf(precision == Precision.Double),
                input_type = NumberOf(training.Inputs.IsDouble),
                target_type = NumberOf(training.Targets.IsDouble),
                examples = training.Count,
                sampling = (int)sampling,
                batch_size = plan.MaximumBatchSize,
                steps = run.Steps,
                learning_rate_groups = learningRate.Grouping.Count,
                momentum_groups = momentum.Grouping.Count,
                replicas = run.Replicas,
                allow_tf32 = allowTf32 ? 1 : 0,
            };
            ulong session;
            NativeCall.Require(NativeMethods.hg_session_create(context.Value, &description, &session));
            return new(session, context);
        }
    }

    /// <summary>The number of a floating-point type.</summary>
    public static int NumberOf(bool isDouble) => (int)(isDouble ? hg_precision.HG_DOUBLE : hg_precision.HG_SINGLE);

    private static hg_activation NumberOf(Activation activation) => activation switch
    {
        Activation.Tanh => hg_activation.HG_TANH,
        Activation.Relu => hg_activation.HG_RELU,
        Activation.Sigmoid => hg_activation.HG_SIGMOID,
        Activation.Softplus => hg_activation.HG_SOFTPLUS,
        Activation.Gelu => hg_activation.HG_GELU,
        Activation.Identity => hg_activation.HG_IDENTITY,
        _ => throw new ConfigurationException($"The native library has no activation {activation}."),
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

    private static hg_group_pattern[] PatternsOf(WeightGrouping grouping) => [.. Enumerable.Range(0, grouping.Model.Tensors.Count)
        .Select(grouping.Pattern)
        .Select(pattern => new hg_group_pattern { first = pattern.First, period = pattern.Period, divisor = pattern.Divisor })];

    // A penalty of zeros is no penalty.
    private static double[]? Spread(Mlp model, PenaltyTable? table)
    {
        if (table is null || !table.Values.ContainsAnyExcept(0.0))
            return null;
        var weights = new double[model.ParameterCount];
        table.Grouping.Spread(table.Values, weights);
        return weights;
    }
}
