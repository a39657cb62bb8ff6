using Hypergrad.Backends.Managed;
using Hypergrad.Backends.Managed.Products;

namespace Hypergrad.Tests.Backends.Managed;

[TestFixture(typeof(float))]
[TestFixture(typeof(double))]
[Platform("Linux")]
public sealed unsafe class MatrixProductBoundsTests<T>
    where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
{
    private static readonly (int M, int N, int K)[] Shapes =
    [
        (1, 1, 1), (1, 17, 5), (5, 1, 40), (3, 5, 7), (13, 33, 9), (25, 50, 300), (100, 10, 50), (30, 18, 33),
        (7, 530, 20), (19, 3, 70), (23, 31, 3), (2, 50, 50),
    ];

    [Test]
    public void Multiply_TouchesNothingOutsideItsMatrices(
        [ValueSource(nameof(Shapes))] (int M, int N, int K) shape,
        [Values] bool transposeA, [Values] bool transposeB, [Values] bool guardBehind)
    {
        var (m, n, k) = shape;
        using var workers = new Workers(2);
        using var workspace = new ProductWorkspace<T>(2);
        using var a = new GuardedMemory(m * k * sizeof(T), guardBehind);
        using var b = new GuardedMemory(k * n * sizeof(T), guardBehind);
        using var c = new GuardedMemory(m * n * sizeof(T), guardBehind);
        new Span<T>(a.Start, m * k).Fill(T.One);
        new Span<T>(b.Start, k * n).Fill(T.One);
        for (int pass = 0; pass < 2; pass++)
            MatrixProduct.Multiply(
                (T*)a.Start, transposeA, (T*)b.Start, transposeB, (T*)c.Start, m, n, k, accumulate: pass == 1, workspace, workers);
        Assert.That(new Span<T>(c.Start, m * n).ToArray(), Is.All.EqualTo(T.CreateTruncating(2 * k)));
    }

    [Test]
    public void Multiply_AllocatesNothing_OnceItsWorkspaceHasGrown()
    {
        using var workers = new Workers(1);
        using var workspace = new ProductWorkspace<T>(1);
        using var a = new FencedMatrix<T>(60, 70, seed: 1);
        using var b = new FencedMatrix<T>(70, 50, seed: 2);
        using var c = new FencedMatrix<T>(60, 50, seed: 3);
        MatrixProduct.Multiply(a.Start, false, b.Start, false, c.Start, 60, 50, 70, false, workspace, workers);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10; i++) MatrixProduct.Multiply(a.Start, false, b.Start, false, c.Start, 60, 50, 70, false, workspace, workers);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }
}
