namespace Hypergrad.Networks;

/// <summary>What a network takes: numbers of a shape, or a sequence of tokens.</summary>
/// <param name="Shape">The numbers of one example; for tokens [length].</param>
/// <param name="Vocabulary">How many different tokens there are, or null for numbers.</param>
public sealed record NetworkInput(Shape Shape, int? Vocabulary)
{
    /// <summary>Numbers.</summary>
    /// <param name="sizes">[features] or [height, width, channels].</param>
    /// <exception cref="ConfigurationException">Another number of sizes, or a size below 1.</exception>
    public static NetworkInput Numbers(params IReadOnlyList<int> sizes)
    {
        var shape = new Shape(sizes);
        return shape.Rank is 1 or 3
            ? new(shape, null)
            : throw new ConfigurationException(
                $"A network's input of shape {shape}: give [features], or [height, width, channels] for images.");
    }

    /// <summary>Sequences of tokens, numbered from 0.</summary>
    /// <param name="vocabulary">How many different tokens there are, at least 1.</param>
    /// <param name="length">Tokens in a sequence, at least 1.</param>
    /// <exception cref="ConfigurationException">A number below 1.</exception>
    public static NetworkInput Tokens(int vocabulary, int length)
    {
        if (vocabulary < 1 || length < 1)
            throw new ConfigurationException(
                $"An input of {length} tokens out of a vocabulary of {vocabulary}: both must be at least 1.");
        return new(new Shape(length), vocabulary);
    }

    /// <summary>Whether the input is tokens.</summary>
    public bool IsTokens => Vocabulary is not null;

    /// <inheritdoc/>
    public override string ToString() => IsTokens ? $"{Shape.Count} tokens of {Vocabulary}" : Shape.ToString();
}
