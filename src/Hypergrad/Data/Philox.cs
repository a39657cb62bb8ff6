namespace Hypergrad.Data;

/// <summary>
/// The counter-based random generator Philox-4x32-10 (Salmon, Moraes, Dror, Shaw, <i>Parallel Random Numbers: As Easy as 1, 2, 3</i>,
/// 2011).
/// It has no state: any block of the stream is computed directly from its counter, so that step 1000's minibatch needs none of the ones
/// before.
/// </summary>
internal readonly struct Philox
{
    internal const int Rounds = 10;
    internal const uint Multiplier0 = 0xD2511F53, Multiplier1 = 0xCD9E8D57;
    internal const uint Weyl0 = 0x9E3779B9, Weyl1 = 0xBB67AE85;
    private readonly uint key0, key1;
    private readonly ulong stream;

    /// <summary>Opens one stream of one seed; streams of the same seed are independent.</summary>
    /// <param name="seed">The seed: Philox's key.</param>
    /// <param name="stream">The upper half of Philox's counter: one number per purpose.</param>
    public Philox(ulong seed, ulong stream = 0)
    {
        key0 = (uint)seed;
        key1 = (uint)(seed >> 32);
        this.stream = stream;
    }

    /// <summary>Block <paramref name="index"/> of the stream: four independent uniform 32-bit words.</summary>
    public (uint X, uint Y, uint Z, uint W) Block(ulong index)
    {
        uint x = (uint)index, y = (uint)(index >> 32), z = (uint)stream, w = (uint)(stream >> 32);
        uint k0 = key0, k1 = key1;
        for (int round = 0; round < Rounds; round++)
        {
            ulong product0 = (ulong)Multiplier0 * x;
            ulong product1 = (ulong)Multiplier1 * z;
            (x, y, z, w) = ((uint)(product1 >> 32) ^ y ^ k0, (uint)product1, (uint)(product0 >> 32) ^ w ^ k1, (uint)product0);
            k0 += Weyl0;
            k1 += Weyl1;
        }
        return (x, y, z, w);
    }

    /// <summary>Word <paramref name="index"/> of the stream: uniform over all 32-bit words.</summary>
    public uint Word(ulong index)
    {
        var block = Block(index >> 2);
        return (index & 3) switch { 0 => block.X, 1 => block.Y, 2 => block.Z, _ => block.W };
    }

    /// <summary>Number <paramref name="index"/> of the stream, uniform in [0, 1) with 32 bits.</summary>
    public double Uniform(ulong index) => Word(index) * (1.0 / 4294967296.0);

    /// <summary>Fills a span with standard normal numbers (Box and Muller), the same ones however the span is cut.</summary>
    /// <param name="destination">Number i gets normal number <paramref name="start"/> + i of the stream.</param>
    /// <param name="start">The first normal number's position in the stream.</param>
    public void Normal(Span<double> destination, ulong start = 0)
    {
        int i = 0;
        if ((start & 1) == 1 && destination.Length > 0)
            (_, destination[i++]) = NormalPair(start >> 1);
        for (; i + 1 < destination.Length; i += 2)
            (destination[i], destination[i + 1]) = NormalPair((start + (ulong)i) >> 1);
        if (i < destination.Length)
            (destination[i], _) = NormalPair((start + (ulong)i) >> 1);
    }

    // One block makes two numbers: 53 bits for the radius, shifted into (0, 1] so that the logarithm is finite, and 32 for the angle.
    private (double First, double Second) NormalPair(ulong index)
    {
        var block = Block(index);
        double uniform = (((ulong)block.X << 21 | block.Y >> 11) + 1) * (1.0 / 9007199254740992.0);
        double radius = Math.Sqrt(-2.0 * Math.Log(uniform));
        var (sine, cosine) = Math.SinCos(2.0 * Math.PI * (block.Z * (1.0 / 4294967296.0)));
        return (radius * cosine, radius * sine);
    }
}
