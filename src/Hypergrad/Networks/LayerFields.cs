namespace Hypergrad.Networks;

/// <summary>The fields of a layer as they are read from a file or an option: each is asked for by its name, in order.</summary>
public abstract class LayerFields
{
    /// <summary>A whole number of at least <paramref name="least"/>.</summary>
    /// <param name="name">The field.</param>
    /// <param name="fallback">What it is when it is not given, or null if it must be.</param>
    /// <param name="least">The smallest number accepted.</param>
    public abstract int Integer(string name, int? fallback = null, int least = 1);

    /// <summary>Two whole numbers, height and width; one number stands for both.</summary>
    /// <inheritdoc cref="Integer"/>
    public abstract (int Height, int Width) Pair(string name, (int Height, int Width)? fallback = null, int least = 1);

    /// <summary>A number.</summary>
    /// <inheritdoc cref="Integer"/>
    public abstract double Number(string name, double? fallback = null);

    /// <summary>Yes or no; no when it is not given.</summary>
    public abstract bool Flag(string name);

    /// <summary>An activation; the identity when none is given.</summary>
    public abstract Activation Activation(string name = "activation");

    /// <summary>Layers within the layer.</summary>
    public abstract IReadOnlyList<Layer> Layers(string name);

    /// <summary>Layers within the layer, or null when there are none.</summary>
    public abstract IReadOnlyList<Layer>? OptionalLayers(string name);
}
