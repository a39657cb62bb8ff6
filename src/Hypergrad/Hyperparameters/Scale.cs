using Hypergrad.Data;
using Hypergrad.Models;

namespace Hypergrad.Hyperparameters;

/// <summary>The scale of the initial weights: w₀ = scale ∘ z with z standard normal.</summary>
public sealed record Scale : Hyperparameter
{
    private Scale(Sharing sharing, double initial)
    {
        if (sharing is Sharing.Unit or Sharing.Input or Sharing.Weight)
            throw new ConfigurationException($"An initial scale cannot be shared by {sharing}; choose All, Layer or Tensor.");
        Sharing = sharing;
        Initial = initial;
    }

    /// <summary>Which weights share a scale: All, Layer or Tensor.</summary>
    public Sharing Sharing { get; }

    /// <summary>A scale for each group of weights.</summary>
    /// <param name="sharing">All, Layer or Tensor.</param>
    /// <param name="initial">The scale at the start.</param>
    /// <exception cref="ConfigurationException">A sharing that an initial scale cannot have.</exception>
    public static Scale Per(Sharing sharing, double initial) => new(sharing, initial);

    /// <summary>The same scales, not to be tuned.</summary>
    public new Scale Fixed() => this with { IsTuned = false };

    internal override int CountFor(Mlp model, Dataset training) => new WeightGrouping(model, Sharing).Count;

    /// <inheritdoc/>
    public override string NameOf(int index, Mlp model) => new WeightGrouping(model, Sharing).NameOf(index);

    internal override void PullBack(ReadOnlySpan<double> raw, PullBackContext context, Span<double> gradient)
    {
        var grouping = new WeightGrouping(context.Model, Sharing);
        gradient.Clear();
        Span<double> noise = stackalloc double[512];
        for (int t = 0; t < context.Model.Tensors.Count; t++)
        {
            var tensor = context.Model.Tensors[t];
            ref double sum = ref gradient[grouping.Pattern(t).First];
            for (int start = tensor.Offset; start < tensor.Offset + tensor.Count; start += noise.Length)
            {
                var chunk = noise[..Math.Min(noise.Length, tensor.Offset + tensor.Count - start)];
                InitialNoise.Fill(context.Seed, context.Replica, start, chunk);
                for (int i = 0; i < chunk.Length; i++)
                    sum += raw[start + i] * chunk[i];
            }
        }
    }
}
