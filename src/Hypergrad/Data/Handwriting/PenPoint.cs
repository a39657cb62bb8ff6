namespace Hypergrad.Data.Handwriting;

/// <summary>Where the pen is, how wide it writes there and how hard it presses.</summary>
/// <param name="X">Rightwards, in units of the writing box or in pixels.</param>
/// <param name="Y">Downwards, in the same unit.</param>
/// <param name="Radius">Half the width of the line, in pixels.</param>
/// <param name="Pressure">The ink that full coverage leaves; above 1 the paper is saturated.</param>
internal readonly record struct PenPoint(float X, float Y, float Radius, float Pressure)
{
    public static PenPoint operator +(PenPoint a, PenPoint b) => new(a.X + b.X, a.Y + b.Y, a.Radius + b.Radius, a.Pressure + b.Pressure);

    public static PenPoint operator -(PenPoint a, PenPoint b) => new(a.X - b.X, a.Y - b.Y, a.Radius - b.Radius, a.Pressure - b.Pressure);

    public static PenPoint operator *(float factor, PenPoint a) => new(factor * a.X, factor * a.Y, factor * a.Radius, factor * a.Pressure);

    /// <summary>How far the pen travels from one point to another.</summary>
    public static float Distance(PenPoint a, PenPoint b) => MathF.Sqrt((a.X - b.X) * (a.X - b.X) + (a.Y - b.Y) * (a.Y - b.Y));
}
