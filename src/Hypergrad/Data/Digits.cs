using Hypergrad.Data.Handwriting;

namespace Hypergrad.Data;

/// <summary>
/// A built-in source of digits that look written by hand, so that a first run needs no download. Each is one of several ways of writing its
/// class, with points of the pen's path displaced at random, the whole warped, turned, slanted and scaled, drawn by a pen of uneven width
/// and pressure, and blurred. The pictures have the layout of MNIST: 28 × 28, the digit's centre of mass about in the middle.
/// </summary>
public static class Digits
{
    private const int Side = 28, Pixels = Side * Side, Classes = 10;

    // Keeps the digits' streams apart from those that other parts of the library open with the same seed.
    private const ulong FirstStream = 0xD161_7500_0000_0000;

    /// <summary>
    /// Generates <paramref name="count"/> digits. Every class is equally probable and their order is random. Digit i depends on
    /// <paramref name="seed"/> and i alone, so that a larger set begins with the smaller one, and only operations that IEEE 754 rounds
    /// exactly are used, so that every machine generates the same bits whatever its number of threads.
    /// </summary>
    /// <param name="count">How many, 1 to 2,739,137 (what fits into one array).</param>
    /// <param name="seed">Another seed gives other digits.</param>
    /// <returns>Inputs [count × 784] from 0 (paper) to 1 (ink), row by row, and one-hot targets [count × 10].</returns>
    /// <exception cref="ConfigurationException"><paramref name="count"/> is not in the range above.</exception>
    /// <exception cref="MemoryException">So many do not fit into memory.</exception>
    public static Dataset Generate(int count, ulong seed = 1)
    {
        if (count < 1)
            throw new ConfigurationException($"{count} digits were asked for; ask for at least 1.");
        if (count > Array.MaxLength / Pixels)
            throw new ConfigurationException($"{count} digits were asked for; at most {Array.MaxLength / Pixels} fit into one array.");
        MemoryLimit.Require(sizeof(float) * (double)count * (Pixels + Classes), $"{count} digits", "Ask for fewer.");
        var inputs = new float[count * Pixels];
        var targets = new float[count * Classes];
        Parallel.For(0, count, () => new Writer(), (i, _, writer) =>
        {
            var draws = new Draws(new Philox(seed, FirstStream + (ulong)i));
            int digit = draws.Below(Classes);
            ReadOnlySpan<DigitShape> shapes = DigitShapes.Of(digit);
            writer.Write(shapes[draws.Below(shapes.Length)], ref draws, inputs.AsSpan(i * Pixels, Pixels), Side);
            targets[i * Classes + digit] = 1f;
            return writer;
        }, _ => { });
        return new Dataset(new Table(inputs, Pixels, "input"), new Table(targets, Classes, "target"))
        {
            ImageWidth = Side,
            ClassNames = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
        };
    }
}
