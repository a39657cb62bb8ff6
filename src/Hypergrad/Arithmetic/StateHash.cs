namespace Hypergrad.Arithmetic;

/// <summary>
/// A 64-bit hash of an array of integers that can be summed in any order: Σ mix(valueᵢ, i) modulo 2⁶⁴. Equal arrays hash equal whatever
/// the number of threads; arrays that differ collide with a probability of about 2⁻⁶⁴.
/// </summary>
internal static class StateHash
{
    internal const ulong IndexMultiplier = 0x9E3779B97F4A7C15, FirstMultiplier = 0xBF58476D1CE4E5B9, SecondMultiplier = 0x94D049BB133111EB;

    /// <summary>The contribution of one value at one place (the finaliser of SplitMix64; Steele, Lea, Flood 2014).</summary>
    public static ulong Mix(long value, long index)
    {
        ulong mixed = (ulong)value + (ulong)(index + 1) * IndexMultiplier;
        mixed = (mixed ^ mixed >> 30) * FirstMultiplier;
        mixed = (mixed ^ mixed >> 27) * SecondMultiplier;
        return mixed ^ mixed >> 31;
    }

    /// <summary>The hash of a whole array.</summary>
    public static ulong Of(ReadOnlySpan<long> values)
    {
        ulong sum = 0;
        for (int i = 0; i < values.Length; i++)
            sum += Mix(values[i], i);
        return sum;
    }
}
