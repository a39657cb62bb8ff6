namespace Hypergrad.Backends;

/// <summary>Of how many steps something of the gradient's evaluation is kept for the way back.</summary>
/// <param name="Whole">The last steps, whose gradients, values and adjoints are kept.</param>
/// <param name="Values">The steps before those, whose values alone are kept.</param>
internal readonly record struct KeptSteps(int Whole, int Values)
{
    /// <summary>All of them.</summary>
    public int Count => Whole + Values;
}
