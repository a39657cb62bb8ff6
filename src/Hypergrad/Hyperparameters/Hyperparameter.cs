using Hypergrad.Data;
using Hypergrad.Networks;

namespace Hypergrad.Hyperparameters;

/// <summary>
/// A hyperparameter as a person states it: an initial value, who shares it, whether it is tuned. It gets its full array of values when its
/// set meets a network.
/// </summary>
public abstract record Hyperparameter
{
    /// <summary>Whether meta-optimisation may move it; otherwise it stays as it is.</summary>
    public bool IsTuned { get; init; } = true;

    /// <summary>The value that every entry starts from.</summary>
    public double Initial { get; init; }

    /// <summary>The values, or null before the hyperparameter has met a network: then every one is <see cref="Initial"/>.</summary>
    public double[]? Values { get; init; }

    /// <summary>
    /// The map from coordinates to values, in place of that of its kind; null for that. It belongs to the program: files hold values alone,
    /// and who goes on tuning from a file states it again.
    /// </summary>
    public Transform? Transform { get; init; }

    /// <summary>How many values it has for a network and a training set.</summary>
    internal abstract int CountFor(Network network, Dataset training);

    /// <summary>The starting values for a network and a training set.</summary>
    internal virtual double[] StartFor(Network network, Dataset training)
    {
        var values = new double[CountFor(network, training)];
        Array.Fill(values, Initial);
        return values;
    }

    /// <summary>From coordinates to its values, where that is not its quantity's (<see cref="Quantity.Transform"/>); else null.</summary>
    /// <param name="network">The network.</param>
    /// <param name="count">How many values it has.</param>
    internal virtual Transform? OwnTransform(Network network, int count) => null;

    /// <summary>What a person calls one of its values.</summary>
    public abstract string NameOf(int index, Network network);

    /// <summary>Sums the raw gradient into the gradient of each value: the pull-back of how the values reach the raw quantity.</summary>
    /// <param name="raw">The raw gradient of the part this hyperparameter drives.</param>
    /// <param name="context">The run and the replica.</param>
    /// <param name="gradient">[values], overwritten.</param>
    internal abstract void PullBack(ReadOnlySpan<double> raw, PullBackContext context, Span<double> gradient);

    /// <summary>The same values, not to be tuned.</summary>
    public Hyperparameter Fixed() => this with { IsTuned = false };
}
