using Hypergrad.Data;

namespace Hypergrad.Experiments.Papers;

/// <summary>Signals of noise with one of a few smooth shapes somewhere in them; the class is which, wherever it is.</summary>
internal static class ShapesInNoise
{
    /// <summary>The length of a shape, in samples.</summary>
    public const int Length = 9;

    private const int Classes = 4;
    private const double Noise = 0.7;

    /// <summary>Makes signals.</summary>
    /// <param name="count">How many.</param>
    /// <param name="samples">Samples of each.</param>
    /// <param name="random">Where the shapes lie, and the noise.</param>
    public static Dataset Make(int count, int samples, Random random)
    {
        var inputs = new float[count * samples];
        var targets = new float[count * Classes];
        for (int example = 0; example < count; example++)
        {
            int shape = random.Next(Classes);
            double start = random.NextDouble() * (samples - Length);
            targets[example * Classes + shape] = 1;
            for (int sample = 0; sample < samples; sample++)
                inputs[example * samples + sample] = (float)(Height(shape, (sample - start) / Length) + Noise * Bell(random));
        }
        return new(new Table(inputs, samples, "input"), new Table(targets, Classes, "target"));
    }

    // A hill, a valley, a hill before a valley, and the other way round.
    private static double Height(int shape, double along)
    {
        if (along is < 0 or > 1)
            return 0;
        double turn = shape < 2 ? Math.Sin(Math.PI * along) : Math.Sin(2 * Math.PI * along);
        return (shape % 2 == 0 ? 2 : -2) * turn;
    }

    private static double Bell(Random random) => random.NextDouble() + random.NextDouble() + random.NextDouble() + random.NextDouble() - 2;
}
