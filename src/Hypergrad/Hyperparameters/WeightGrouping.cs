using Hypergrad.Networks;

namespace Hypergrad.Hyperparameters;

/// <summary>
/// The map from the weights of a network to the groups that share a value, and its two directions: spreading and summing.
/// </summary>
public sealed class WeightGrouping
{
    private readonly GroupPattern[] patterns;
    private readonly int[] sizes;

    /// <summary>Groups the weights of a network.</summary>
    public WeightGrouping(Network network, Sharing sharing) : this(network, sharing, PatternsOf(network, sharing)) { }

    private WeightGrouping(Network network, Sharing sharing, GroupPattern[] patterns)
    {
        Network = network;
        Sharing = sharing;
        this.patterns = patterns;
        Count = patterns.Max(pattern => pattern.First + pattern.Period);
        sizes = new int[Count];
        for (int t = 0; t < patterns.Length; t++)
        {
            var pattern = patterns[t];
            patterns[t] = pattern with { PositionInGroup = sizes[pattern.First] };
            int share = network.Tensors[t].Count / pattern.Period;
            for (int k = 0; k < pattern.Period; k++)
                sizes[pattern.First + k] += share;
        }
    }

    /// <summary>The network whose weights are grouped.</summary>
    public Network Network { get; }

    /// <summary>Which weights share a value.</summary>
    public Sharing Sharing { get; }

    /// <summary>How many groups there are.</summary>
    public int Count { get; }

    /// <summary>How the weights of one tensor fall into groups.</summary>
    /// <param name="tensor">The tensor's place in <see cref="Network.Tensors"/>.</param>
    internal GroupPattern Pattern(int tensor) => patterns[tensor];

    /// <summary>How many weights a group has.</summary>
    public int SizeOf(int group) => sizes[group];

    /// <summary>Whether two groupings put the same weights together under the same numbers.</summary>
    internal bool Matches(WeightGrouping other) =>
        ReferenceEquals(this, other) || other is not null && patterns.AsSpan().SequenceEqual(other.patterns);

    /// <summary>The coarsest grouping of which both are unions, for schedules, with the group of each that a group of it lies in.</summary>
    internal static (WeightGrouping Joint, int[] First, int[] Second) Join(WeightGrouping first, WeightGrouping second)
    {
        if (first.Matches(second))
            return (first, Identity(first.Count), Identity(first.Count));
        // Patterns of schedules run along the columns: one group for a whole tensor, or one for each column.
        var numbers = new Dictionary<(int, int, bool), int>();
        var patterns = new GroupPattern[first.patterns.Length];
        List<int> ofFirst = [], ofSecond = [];
        for (int t = 0; t < patterns.Length; t++)
        {
            var (a, b) = (first.patterns[t], second.patterns[t]);
            int period = Math.Max(a.Period, b.Period);
            if (!numbers.TryGetValue((a.First, b.First, period > 1), out int start))
            {
                numbers.Add((a.First, b.First, period > 1), start = ofFirst.Count);
                for (int k = 0; k < period; k++)
                {
                    ofFirst.Add(a.First + k % a.Period);
                    ofSecond.Add(b.First + k % b.Period);
                }
            }
            patterns[t] = new(start, period, 1, 0);
        }
        var finer = first.Count >= second.Count ? first : second;
        return (new(first.Network, finer.Sharing, patterns), [.. ofFirst], [.. ofSecond]);
    }

    /// <summary>Gives every weight its group's value.</summary>
    /// <param name="values">[Count].</param>
    /// <param name="weights">[weights].</param>
    public void Spread(ReadOnlySpan<double> values, Span<double> weights)
    {
        for (int t = 0; t < patterns.Length; t++)
        {
            var tensor = Network.Tensors[t];
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
            var tensor = Network.Tensors[t];
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
            var tensor = Network.Tensors[t];
            return Sharing switch
            {
                Sharing.All => "all",
                Sharing.Layer => $"layer {tensor.Layer + 1}",
                Sharing.Tensor => tensor.Name,
                Sharing.Unit => $"unit {within + 1} of {UnitsOf(tensor)}",
                Sharing.Input => tensor.Rows == 1 ? tensor.Name : $"input {within + 1} of {UnitsOf(tensor)}",
                _ => $"weight {within + 1} of {tensor.Name}",
            };
        }
        throw new ArgumentOutOfRangeException(nameof(group), group, $"There are {Count} groups.");
    }

    // A layer of one matrix is named by its number; of several, by the matrix.
    private string UnitsOf(ParameterTensor tensor) =>
        Network.Tensors.Count(other => other.Layer == tensor.Layer && !other.JoinsLeader) == 1
            ? $"layer {tensor.Layer + 1}"
            : Network.Tensors[tensor.Leader].Name;

    private static GroupPattern[] PatternsOf(Network network, Sharing sharing)
    {
        ArgumentNullException.ThrowIfNull(network);
        var patterns = new GroupPattern[network.Tensors.Count];
        int next = 0;
        foreach (var tensor in network.Tensors)
        {
            var (first, period, divisor) = sharing switch
            {
                Sharing.All => (0, 1, 1),
                Sharing.Layer => (tensor.Layer, 1, 1),
                Sharing.Tensor => (next, 1, 1),
                Sharing.Unit => (tensor.JoinsLeader ? patterns[tensor.Leader].First : next, tensor.Columns, 1),
                Sharing.Input when tensor.Rows > 1 || tensor.Role is ParameterRole.Weight => (next, tensor.Rows, tensor.Columns),
                Sharing.Input => (next, 1, 1),
                Sharing.Weight => (next, tensor.Count, 1),
                _ => throw new ConfigurationException($"There is no sharing {sharing}."),
            };
            patterns[tensor.Index] = new(first, period, divisor, 0);
            next = Math.Max(next, first + period);
        }
        return patterns;
    }

    private static int[] Identity(int count) => [.. Enumerable.Range(0, count)];
}
