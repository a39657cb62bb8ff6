namespace Hypergrad.Networks;

/// <summary>The mean number of each window of an image, channel by channel.</summary>
public sealed record AveragePool : Pooling
{
    /// <summary>A pooling of square windows side by side.</summary>
    /// <param name="size">Rows and columns of a window, at least 1.</param>
    public AveragePool(int size) : this((size, size)) { }

    private AveragePool((int Height, int Width) size) : base(size) { }

    /// <inheritdoc/>
    public override string Kind => "averagePool";

    private protected override bool IsMaximum => false;

    internal static Layer Read(LayerFields fields) => Read(fields, size => new AveragePool(size));
}
