namespace Hypergrad.Planning;

/// <summary>Seconds of a method's parts: of a few steps as they were measured, or of one.</summary>
/// <param name="Open">To open a session, with room for what is kept, and to close it: what is done once.</param>
/// <param name="Train">On the way out.</param>
/// <param name="Evaluate">Of the validation loss and its gradient.</param>
/// <param name="Sweep">On the way back.</param>
internal readonly record struct MethodTimes(double Open, double Train, double Evaluate, double Sweep)
{
    /// <summary>Longer than any.</summary>
    public static MethodTimes Longest { get; } =
        new(double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity);

    /// <summary>The shorter time of each part: on a busy machine the one that says most of the work.</summary>
    public static MethodTimes Min(MethodTimes a, MethodTimes b) => new(
        Math.Min(a.Open, b.Open), Math.Min(a.Train, b.Train), Math.Min(a.Evaluate, b.Evaluate), Math.Min(a.Sweep, b.Sweep));
}
