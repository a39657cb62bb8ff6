namespace Hypergrad.Networks;

/// <summary>The largest number of each window of an image, channel by channel.</summary>
public sealed record MaxPool : Pooling
{
    /// <summary>A pooling of square windows side by side.</summary>
    /// <param name="size">Rows and columns of a window, at least 1.</param>
    public MaxPool(int size) : this((size, size)) { }

    private MaxPool((int Height, int Width) size) : base(size) { }

    /// <inheritdoc/>
    public override string Kind => "maxPool";

    private protected override bool IsMaximum => true;

    internal static Layer Read(LayerFields fields) => Read(fields, size => new MaxPool(size));
}
