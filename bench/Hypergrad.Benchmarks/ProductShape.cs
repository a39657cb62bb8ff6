namespace Hypergrad.Benchmarks;

/// <summary>One product: which operand is stored transposed (T) or not (N), and its sizes.</summary>
public sealed record ProductShape(string Kind, int M, int K, int N)
{
    /// <summary>
    /// The shapes of bench/peers/openblas_products.py: large squares, the passes of 784-50-50-50-10 with batch 200, wider layers, and those of
    /// a transformer's, eight examples of 28 tokens at a time.
    /// </summary>
    public static IReadOnlyList<ProductShape> All { get; } =
    [
        new("NN", 1024, 1024, 1024), new("NN", 2048, 2048, 2048),
        new("NN", 200, 784, 50), new("TN", 784, 200, 50), new("NT", 200, 50, 784),
        new("NN", 200, 50, 50), new("TN", 50, 200, 50), new("NT", 200, 50, 50),
        new("NN", 200, 50, 10), new("TN", 50, 200, 10), new("NT", 200, 10, 50),
        new("NN", 200, 784, 100), new("TN", 784, 200, 100), new("NN", 200, 784, 1),
        new("NN", 256, 4096, 4096), new("TN", 4096, 256, 4096), new("NT", 256, 4096, 4096),
        new("NN", 224, 128, 128), new("TN", 128, 224, 128), new("NT", 224, 128, 128),
        new("NN", 224, 128, 512), new("TN", 128, 224, 512), new("NT", 224, 512, 128),
        new("NN", 224, 512, 128), new("TN", 512, 224, 128), new("NT", 224, 128, 512),
    ];

    public bool TransposeA => Kind[0] == 'T';

    public bool TransposeB => Kind[1] == 'T';

    public double Operations => 2.0 * M * K * N;

    public override string ToString() => $"{Kind} {M}x{K}x{N}";
}
