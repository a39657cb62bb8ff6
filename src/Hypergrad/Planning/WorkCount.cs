namespace Hypergrad.Planning;

/// <summary>How much there is to do.</summary>
/// <param name="Flops">Floating-point operations of the matrix products and convolutions; an addition and a multiplication are two.</param>
/// <param name="Bytes">Bytes that are read and written when every pass reads and writes its arrays once.</param>
public readonly record struct WorkCount(double Flops, double Bytes)
{
    /// <summary>Both together.</summary>
    public static WorkCount operator +(WorkCount a, WorkCount b) => new(a.Flops + b.Flops, a.Bytes + b.Bytes);

    /// <summary>So many times as much.</summary>
    public static WorkCount operator *(double times, WorkCount work) => new(times * work.Flops, times * work.Bytes);
}
