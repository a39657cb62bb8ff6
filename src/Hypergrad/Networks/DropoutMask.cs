using Hypergrad.Data;

namespace Hypergrad.Networks;

/// <summary>
/// Which numbers a dropout keeps: number i of row r of step t is kept where word t · 2⁴⁰ + r · n + i of the Philox stream is at least
/// rate · 2³², n being the numbers of an example. The same on every backend, and again in reversal.
/// </summary>
internal static class DropoutMask
{
    /// <summary>The first word of a step.</summary>
    public static ulong FirstWord(int step) => (ulong)step << 40;

    /// <summary>The stream of one dropout and replica.</summary>
    /// <param name="ordinal">Which dropout of the program, from 0.</param>
    /// <param name="replica">Which of the runs trained side by side.</param>
    public static ulong StreamOf(int ordinal, int replica) => RandomStreams.Of(RandomStreams.Dropout + (uint)ordinal, replica);

    /// <summary>The smallest word that keeps a number, below 2³².</summary>
    public static uint Threshold(double rate) => (uint)Math.Min(Math.Round(rate * 4294967296.0), 4294967295.0);
}
