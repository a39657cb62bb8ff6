using Hypergrad.Models;

namespace Hypergrad.Hyperparameters;

/// <summary>
/// The map from the weights of a network to the groups that share a value, and its two directions: spreading and summing.
/// </summary>
public sealed class WeightGrouping
{
    private readonly GroupPattern[] patterns;
    private readonly int[] sizes;

    /// <summary>Groups the weights of a network.</summary>
    public WeightGrouping(Mlp model, Sharing sharing)
    {
        ArgumentNullException.ThrowIfNull(model);
        Model = model;
        Sharing = sharing;
        patterns = new GroupPattern[model.Tensors.Count];
        int next = 0;
        foreach (var tensor in model.Tensors)
        {
            bool opensLayer = !tensor.IsBias;
            (int first, int period, int divisor) = sharing switch
            {
                Sharing.All => (0, 1, 1),
                Sharing.Layer => (tensor.Layer, 1, 1),
                Sharing.Tensor => (next, 1, 1),
                Sharing.Unit => (opensLayer ? next : next - tensor.Columns, tensor.Columns, 1),
                Sharing.Input => opensLayer ? (next, tensor.Rows, tensor.Columns) : (next, 1, 1),
                Sharing.Weight => (next, tensor.Count, 1),
                _ => throw new ConfigurationException($"There is no sharing {sharing}."),
            };
            bool joins = sharing is Sharing.All or Sharing.Layer or Sharing.Unit && tensor.IsBias;
            int position = sharing == Sharing.All ? tensor.Offset : joins ? model.Weight(tensor.Layer).Count / period : 0;
            patterns[2 * tensor.Layer + (tensor.IsBias ? 1 : 0)] = new(first, period, divisor, position);
            next = Math.Max(next, first + period);
        }
        Count = next;
        sizes = CountSizes();
    }

    /// <summary>The network whose weights are grouped.</summary>
    public Mlp Model { get; }

    /// <summary>Which weights share a value.</summary>
    public Sharing Sharing { get; }

    /// <summary>How many groups there are.</summary>
    public int Count { get; }

    /// <summary>How the weights of one tensor fall into groups.</summary>
    /// <param name="tensor">The tensor's place in <see cref="Mlp.Tensors"/>.</param>
    public GroupPattern Pattern(int tensor) => patterns[tensor];

    /// <summary>How many weights a group has.</summary>
    public int SizeOf(int group) => sizes[group];

    /// <summary>Gives every weight its group's value.</summary>
    /// <param name="values">[Count].</param>
    /// <param name="weights">[weights].</param>
    public void Spread(ReadOnlySpan<double> values, Span<double> weights)
    {
        for (int t = 0; t < patterns.Length; t++)
        {
            var tensor = Model.Tensors[t];
            for (int i = 0; i < tensor.Count; i++)
                weights[tensor.Offset + i] = values[patterns[t].GroupOf(i)];
        }
    }

    /// <summary>Sums over the weights of each group: the pull-back of <see cref="Spread"/>.</summary>
    /// <param name="weights">[weights].</param>
    /// <param name="sums">[Count], overwritten.</param>
    public void Sum(ReadOnlySpan<double> weights, Span<double> sums)
    {
        sums.Clear();
        for (int t = 0; t < patterns.Length; t++)
        {
            var tensor = Model.Tensors[t];
            for (int i = 0; i < tensor.Count; i++)
                sums[patterns[t].GroupOf(i)] += weights[tensor.Offset + i];
        }
    }

    /// <summary>
    /// What a person calls a group: "all", "layer 1", "W1", "unit 3 of layer 1", "input 17 of layer 1", "weight 5 of W1".
    /// </summary>
    public string NameOf(int group)
    {
        for (int t = 0; t < patterns.Length; t++)
        {
            int within = group - patterns[t].First;
            if (within < 0 || within >= patterns[t].Period)
                continue;
            var tensor = Model.Tensors[t];
            return Sharing switch
            {
                Sharing.All => "all",
                Sharing.Layer => $"layer {tensor.Layer + 1}",
                Sharing.Tensor => tensor.Name,
                Sharing.Unit => $"unit {within + 1} of layer {tensor.Layer + 1}",
                Sharing.Input => tensor.IsBias ? tensor.Name : $"input {within + 1} of layer {tensor.Layer + 1}",
                _ => $"weight {within + 1} of {tensor.Name}",
            };
        }
        throw new ArgumentOutOfRangeException(nameof(group), group, $"There are {Count} groups.");
    }

    private int[] CountSizes()
    {
        var counts = new int[Count];
        for (int t = 0; t < patterns.Length; t++)
        {
            int share = Model.Tensors[t].Count / patterns[t].Period;
            for (int k = 0; k < patterns[t].Period; k++)
                counts[patterns[t].First + k] += share;
        }
        return counts;
    }
}
