namespace Hypergrad.Networks;

/// <summary>Takes the fields of a layer to a file or a text, as <see cref="LayerFields"/> reads them.</summary>
public abstract class LayerWriter
{
    /// <summary>A whole number.</summary>
    public abstract void Integer(string name, int value);

    /// <summary>Two whole numbers, height and width.</summary>
    /// <param name="name">The field.</param>
    /// <param name="value">Its value.</param>
    /// <param name="fallback">What a reader takes when it is not given, or null if it must be.</param>
    public abstract void Pair(string name, (int Height, int Width) value, (int Height, int Width)? fallback = null);

    /// <summary>A number.</summary>
    public abstract void Number(string name, double value);

    /// <summary>Yes or no.</summary>
    public abstract void Flag(string name, bool value);

    /// <summary>An activation.</summary>
    public abstract void Activation(Activation value, string name = "activation");

    /// <summary>Layers within the layer; null for none.</summary>
    public abstract void Layers(string name, IReadOnlyList<Layer>? layers);
}
