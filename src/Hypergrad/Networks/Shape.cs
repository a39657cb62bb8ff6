namespace Hypergrad.Networks;

/// <summary>The sizes of what one example has at a place in a network, channels last: [features], [height, width, channels].</summary>
public sealed class Shape : IEquatable<Shape>
{
    private readonly int[] sizes;

    /// <summary>Makes a shape.</summary>
    /// <param name="sizes">One size or more, each at least 1.</param>
    /// <exception cref="ConfigurationException">No size, one below 1, or more numbers than an array can hold.</exception>
    public Shape(params IReadOnlyList<int> sizes)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        this.sizes = [.. sizes];
        if (this.sizes.Length == 0)
            throw new ConfigurationException("A shape needs at least one size, such as [784] or [28, 28, 1].");
        long count = 1;
        foreach (int size in this.sizes)
        {
            if (size < 1)
                throw new ConfigurationException($"The shape {this} has a size of {size}; every size must be at least 1.");
            count = Math.Min(count * size, int.MaxValue);
        }
        if (count > Array.MaxLength / 2)
            throw new ConfigurationException($"The shape {this} has more than {Array.MaxLength / 2} numbers.");
        Count = (int)count;
    }

    /// <summary>How many sizes there are.</summary>
    public int Rank => sizes.Length;

    /// <summary>How many numbers there are: the product of the sizes.</summary>
    public int Count { get; }

    /// <summary>The last size: the features, or the channels.</summary>
    public int Last => sizes[^1];

    /// <summary>How many runs of the last size there are: 1 for [features], the pixels of an image, the positions of a sequence.</summary>
    public int Positions => Count / Last;

    /// <summary>The sizes.</summary>
    public IReadOnlyList<int> Sizes => sizes;

    /// <summary>One size.</summary>
    public int this[int axis] => sizes[axis];

    /// <summary>The same shape but for its last size.</summary>
    public Shape WithLast(int size) => new([.. sizes[..^1], size]);

    /// <inheritdoc/>
    public bool Equals(Shape? other) => other is not null && sizes.AsSpan().SequenceEqual(other.sizes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Shape);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (int size in sizes)
            hash.Add(size);
        return hash.ToHashCode();
    }

    /// <summary>The sizes joined by a cross: 28×28×1.</summary>
    public override string ToString() => string.Join('×', sizes);
}
