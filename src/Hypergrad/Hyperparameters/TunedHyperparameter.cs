using Hypergrad.Networks;

namespace Hypergrad.Hyperparameters;

/// <summary>One hyperparameter of a set in its role: its name, its coordinates and its pull-back.</summary>
public sealed class TunedHyperparameter
{
    internal TunedHyperparameter(Quantity quantity, Transform transform, Hyperparameter hyperparameter, double[] values)
    {
        Quantity = quantity;
        Transform = transform;
        Hyperparameter = hyperparameter;
        Values = values;
    }

    /// <summary>"learning rate", "momentum", "initial scale", "L2 penalty", …</summary>
    public string Name => Quantity.Name;

    /// <summary>The raw quantity it drives.</summary>
    public Quantity Quantity { get; }

    /// <summary>The map from coordinates to values.</summary>
    public Transform Transform { get; }

    /// <summary>The hyperparameter itself.</summary>
    public Hyperparameter Hyperparameter { get; }

    /// <summary>Its values.</summary>
    public double[] Values { get; }

    /// <summary>How many values it has.</summary>
    public int Count => Values.Length;

    /// <summary>What a person calls one of its values: "learning rate, step 3, W1".</summary>
    public string NameOf(int index, Network network) => $"{Name}, {Hyperparameter.NameOf(index, network)}";

    /// <summary>The gradient with respect to the coordinates from the raw one.</summary>
    internal double[] PullBack(RawGradient raw, PullBackContext context)
    {
        var gradient = new double[Count];
        Hyperparameter.PullBack(raw[Quantity], context, gradient);
        Transform.PullBack(Values, gradient);
        return gradient;
    }
}
