namespace Hypergrad.Data.Handwriting;

/// <summary>
/// A smooth random distortion of the writing box: free-form deformation by a 4 × 4 Bernstein lattice (Sederberg and Parry,
/// <i>Free-Form Deformation of Solid Geometric Models</i>, 1986), every lattice point shifted at random.
/// </summary>
internal sealed class Warp
{
    private const int Side = 4;
    private readonly float[] shiftX = new float[Side * Side], shiftY = new float[Side * Side];

    /// <summary>Draws a new distortion.</summary>
    /// <param name="draws">Where the random shifts come from.</param>
    /// <param name="strength">The standard deviation of a lattice point's shift, in units of the box.</param>
    public void Draw(ref Draws draws, float strength)
    {
        for (int i = 0; i < Side * Side; i++)
        {
            shiftX[i] = strength * draws.Bell();
            shiftY[i] = strength * draws.Bell();
        }
    }

    /// <summary>Where the distortion moves a point of the box. Points outside move like the nearest point of the border.</summary>
    public PenPoint Apply(PenPoint point)
    {
        Span<float> across = stackalloc float[Side], down = stackalloc float[Side];
        Bernstein(Math.Clamp(point.X, 0f, 1f), across);
        Bernstein(Math.Clamp(point.Y, 0f, 1f), down);
        float x = point.X, y = point.Y;
        for (int row = 0; row < Side; row++)
            for (int column = 0; column < Side; column++)
            {
                float weight = down[row] * across[column];
                x += weight * shiftX[row * Side + column];
                y += weight * shiftY[row * Side + column];
            }
        return point with { X = x, Y = y };
    }

    private static void Bernstein(float t, Span<float> weights)
    {
        float u = 1f - t;
        weights[0] = u * u * u;
        weights[1] = 3f * u * u * t;
        weights[2] = 3f * u * t * t;
        weights[3] = t * t * t;
    }
}
