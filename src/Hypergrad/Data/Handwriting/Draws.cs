namespace Hypergrad.Data.Handwriting;

/// <summary>
/// Random numbers drawn one after the other from one Philox stream. They are built from integer arithmetic alone: no logarithm, no cosine,
/// so that they are the same bits on every machine.
/// </summary>
internal struct Draws(Philox philox)
{
    private (uint X, uint Y, uint Z, uint W) block;
    private ulong drawn;

    /// <summary>The next uniform 32-bit word.</summary>
    public uint Word()
    {
        if ((drawn & 3) == 0)
            block = philox.Block(drawn >> 2);
        return (drawn++ & 3) switch { 0 => block.X, 1 => block.Y, 2 => block.Z, _ => block.W };
    }

    /// <summary>The next number, uniform in [0, 1).</summary>
    public float Uniform() => (Word() >> 8) * (1f / (1 << 24));

    /// <summary>The next number, uniform from <paramref name="low"/> to <paramref name="high"/>.</summary>
    public float Uniform(float low, float high) => low + (high - low) * Uniform();

    /// <summary>The next integer, uniform from 0 to <paramref name="count"/> − 1.</summary>
    public int Below(int count) => (int)((ulong)Word() * (ulong)count >> 32);

    /// <summary>
    /// The next bell-shaped number: mean 0, variance 1, within ±2√3. It is the sum of four uniforms (Irwin and Hall), whose short tails
    /// keep a digit legible where a true normal number would now and then tear it apart.
    /// </summary>
    public float Bell()
    {
        uint first = Word(), second = Word();
        uint sum = (first & 0xFFFF) + (first >> 16) + (second & 0xFFFF) + (second >> 16);
        return (sum - 2f * 65535f) * (1.7320508f / 65536f);
    }
}
