namespace Hypergrad.Networks;

/// <summary>
/// A layer as a person states it. It knows its name in files and options, its fields, and how it lowers itself to operations; a new layer
/// is a record of this kind and an entry in <see cref="LayerKinds"/>.
/// </summary>
public abstract record Layer
{
    /// <summary>Its name in run files: "dense".</summary>
    public abstract string Kind { get; }

    /// <summary>Adds its operations and parameters to a program.</summary>
    /// <param name="input">What it reads.</param>
    /// <param name="program">The program.</param>
    /// <returns>What it writes.</returns>
    /// <exception cref="ConfigurationException">The input's shape does not fit; the message names the layer and both shapes.</exception>
    public abstract Value Lower(Value input, ProgramBuilder program);

    /// <summary>Writes its fields, in the order in which they are read.</summary>
    public abstract void Write(LayerWriter fields);

    /// <summary>The layer in the grammar of the command: "conv 16 3 relu".</summary>
    public sealed override string ToString() => NetworkText.Of(this);
}
