namespace Hypergrad.Data.Handwriting;

/// <summary>The square picture that is written on: 0 is paper, 1 is ink; wet ink may lie thicker.</summary>
/// <param name="pixels">[side × side], row by row.</param>
/// <param name="side">Width and height in pixels.</param>
internal readonly ref struct Paper(Span<float> pixels, int side)
{
    private readonly Span<float> pixels = pixels;

    /// <summary>
    /// Draws a line of the pen from one point to another with anti-aliasing: a pixel whose centre is at distance d from the line is
    /// covered by radius + ½ − d, between 0 and 1; where lines cross, the darker one counts.
    /// </summary>
    public void Line(PenPoint from, PenPoint to)
    {
        float reach = MathF.Max(from.Radius, to.Radius) + 0.5f;
        int left = Math.Max(0, (int)(MathF.Min(from.X, to.X) - reach)), right = Math.Min(side - 1, (int)(MathF.Max(from.X, to.X) + reach));
        int top = Math.Max(0, (int)(MathF.Min(from.Y, to.Y) - reach)), bottom = Math.Min(side - 1, (int)(MathF.Max(from.Y, to.Y) + reach));
        PenPoint along = to - from;
        float inverse = 1f / MathF.Max(along.X * along.X + along.Y * along.Y, 1e-6f);
        for (int row = top; row <= bottom; row++)
            for (int column = left; column <= right; column++)
            {
                float x = column + 0.5f - from.X, y = row + 0.5f - from.Y;
                float t = MathF.Max(0f, MathF.Min(1f, (x * along.X + y * along.Y) * inverse));
                x -= t * along.X;
                y -= t * along.Y;
                float covered = MathF.Min(1f, from.Radius + t * along.Radius + 0.5f - MathF.Sqrt(x * x + y * y));
                ref float pixel = ref pixels[row * side + column];
                pixel = MathF.Max(pixel, covered * (from.Pressure + t * along.Pressure));
            }
    }

    /// <summary>Mixes every pixel with the binomial mean (1 2 1)ᵀ(1 2 1)/16 of its surroundings.</summary>
    /// <param name="amount">0 leaves the picture as it is, 1 leaves the means alone.</param>
    public void Blur(float amount)
    {
        Span<float> across = stackalloc float[pixels.Length];
        for (int row = 0; row < side; row++)
            for (int column = 0; column < side; column++)
                across[row * side + column] =
                    0.25f * (At(pixels, row, column - 1) + At(pixels, row, column + 1)) + 0.5f * At(pixels, row, column);
        for (int row = 0; row < side; row++)
            for (int column = 0; column < side; column++)
            {
                float mean = 0.25f * (At(across, row - 1, column) + At(across, row + 1, column)) + 0.5f * At(across, row, column);
                ref float pixel = ref pixels[row * side + column];
                pixel += amount * (mean - pixel);
            }
    }

    /// <summary>
    /// Lets the ink dry: what lies above 1 saturates, and then every pixel loses a random part of its ink, uniform from 0 to
    /// <paramref name="grain"/>.
    /// </summary>
    public void Dry(ref Draws draws, float grain)
    {
        foreach (ref float pixel in pixels)
            if (pixel > 0f)
                pixel = MathF.Min(1f, pixel) * (1f - grain * draws.Uniform());
    }

    private float At(ReadOnlySpan<float> values, int row, int column) =>
        (uint)row < (uint)side && (uint)column < (uint)side ? values[row * side + column] : 0f;
}
