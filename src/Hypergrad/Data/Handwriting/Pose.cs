namespace Hypergrad.Data.Handwriting;

/// <summary>How the writing stands on the paper: a linear map of rotation, slant and aspect.</summary>
internal readonly struct Pose
{
    private readonly float xx, xy, yx, yy;

    /// <summary>Draws a random pose.</summary>
    public Pose(ref Draws draws)
    {
        // The rotation by θ from tan(θ/2): no sine is needed, and so every machine turns alike.
        float halfTangent = 0.07f * draws.Bell();
        float cosine = (1f - halfTangent * halfTangent) / (1f + halfTangent * halfTangent);
        float sine = 2f * halfTangent / (1f + halfTangent * halfTangent);
        // Most people lean to the right; y points down, so a lean to the right lowers x as y grows.
        float slant = -0.1f + 0.23f * draws.Bell();
        float width = 1f + 0.15f * draws.Bell();
        xx = cosine * width;
        xy = cosine * slant - sine;
        yx = sine * width;
        yy = sine * slant + cosine;
    }

    /// <summary>The point in this pose.</summary>
    public PenPoint Apply(PenPoint point) =>
        point with { X = xx * point.X + xy * point.Y, Y = yx * point.X + yy * point.Y };
}
