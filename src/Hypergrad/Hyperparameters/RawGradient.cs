namespace Hypergrad.Hyperparameters;

/// <summary>The gradient of the validation loss with respect to the raw quantities of one training run.</summary>
public sealed class RawGradient
{
    private readonly double[]?[] parts = new double[]?[Quantity.All.Count];

    private RawGradient() { }

    /// <summary>The gradient with respect to one quantity, of its shape; null where it was not asked for or does not apply.</summary>
    public double[]? this[Quantity quantity]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(quantity);
            return parts[quantity.Order];
        }
    }

    /// <summary>The quantities that it has.</summary>
    public IEnumerable<Quantity> Quantities => Quantity.All.Where(quantity => this[quantity] is not null);

    /// <summary>Makes a gradient part by part.</summary>
    /// <param name="make">Called once for every quantity; null leaves it out.</param>
    public static RawGradient Create(Func<Quantity, double[]?> make)
    {
        ArgumentNullException.ThrowIfNull(make);
        var gradient = new RawGradient();
        foreach (var quantity in Quantity.All)
            gradient.parts[quantity.Order] = make(quantity);
        return gradient;
    }
}
