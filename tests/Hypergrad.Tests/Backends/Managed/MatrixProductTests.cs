using System.Numerics;
using Hypergrad.Backends.Managed;
using Hypergrad.Backends.Managed.Products;

namespace Hypergrad.Tests.Backends.Managed;

[TestFixture(typeof(float))]
[TestFixture(typeof(double))]
public sealed unsafe class MatrixProductTests<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private static readonly (int M, int N, int K)[] Shapes =
    [
        (1, 1, 1), (1, 17, 5), (5, 1, 9), (1, 1, 100), (2, 3, 4), (12, 32, 1), (13, 33, 9), (11, 31, 40),
        (24, 64, 17), (25, 50, 300), (49, 50, 51),
        (100, 10, 50), (50, 10, 200), (97, 18, 33), (37, 129, 515), (64, 260, 64), (7, 1000, 20),
        (300, 7, 1000), (301, 3, 2), (230, 130, 20), (64, 16, 400),
        (40, 1, 33), (1, 40, 33), (3, 70, 64), (2, 50, 35), (50, 2, 35), (47, 3, 32), (19, 20, 47),
        (21, 36, 100), (33, 17, 64), (90, 4, 90),
    ];

    [Test]
    public void Multiply_AgreesWithTheDefinition_AndStaysInsideC(
        [ValueSource(nameof(Shapes))] (int M, int N, int K) shape,
        [Values] bool transposeA, [Values] bool transposeB, [Values] bool accumulate) =>
        AssertAgreesWithTheDefinition(shape.M, shape.N, shape.K, transposeA, transposeB, accumulate);

    [TestCase(1030, 513, 257, true, false, Description = "several panels of rows, and a last one of a few")]
    [TestCase(30, 513, 9000, false, true, Description = "several panels of the depth")]
    public void Multiply_AgreesWithTheDefinition_WhereNoPanelHoldsAll(int m, int n, int k, bool transposeA, bool transposeB) =>
        AssertAgreesWithTheDefinition(m, n, k, transposeA, transposeB, accumulate: true);

    private static void AssertAgreesWithTheDefinition(int m, int n, int k, bool transposeA, bool transposeB, bool accumulate)
    {
        using var a = new FencedMatrix<T>(m, k, seed: 1);
        using var b = new FencedMatrix<T>(k, n, seed: 2);
        using var c = new FencedMatrix<T>(m, n, seed: 3);
        var expected = Expected(a, transposeA, b, transposeB, c, m, n, k, accumulate);
        if (!accumulate) c.Numbers.Fill(T.NaN);
        Multiply(a, transposeA, b, transposeB, c, m, n, k, accumulate, threads: 2);

        double tolerance = (k + 1) * double.CreateTruncating(T.BitIncrement(T.One) - T.One);
        Close.AssertWithin([.. c.Numbers.ToArray().Select(double.CreateTruncating)], expected, tolerance, $"rows of {n} columns");
        Assert.That(c.FencesStand, Is.True);
    }

    [TestCase(200, 50, 784, false, false)]
    [TestCase(784, 50, 200, true, false)]
    [TestCase(200, 50, 50, false, true)]
    [TestCase(130, 700, 300, false, false)]
    [TestCase(700, 130, 300, true, true)]
    [TestCase(5, 900, 400, false, false)]
    [TestCase(900, 5, 400, false, true)]
    [TestCase(33, 1, 700, false, false)]
    [TestCase(1030, 513, 257, true, false)]
    [TestCase(30, 530, 9000, false, true)]
    public void Multiply_GivesTheSameBits_OnAnyTeamAndEveryTime(int m, int n, int k, bool transposeA, bool transposeB)
    {
        using var a = new FencedMatrix<T>(m, k, seed: 1);
        using var b = new FencedMatrix<T>(k, n, seed: 2);
        using var c = new FencedMatrix<T>(m, n, seed: 3);
        Multiply(a, transposeA, b, transposeB, c, m, n, k, accumulate: false, threads: 1);
        var once = c.Numbers.ToArray();
        foreach (int threads in (int[])[1, 2, 3, 7, 7])
        {
            c.Numbers.Fill(T.NaN);
            Multiply(a, transposeA, b, transposeB, c, m, n, k, accumulate: false, threads);
            Assert.That(c.Numbers.SequenceEqual(once), Is.True, $"{threads} threads");
        }
    }

    [Test]
    public void Multiply_WithAnAddend_GivesTheBitsOfAddingToRowsOfIt(
        [ValueSource(nameof(Shapes))] (int M, int N, int K) shape, [Values] bool transposeA, [Values] bool transposeB, [Values(1, 2)] int threads) =>
        AssertAddsToEveryRow(shape.M, shape.N, shape.K, transposeA, transposeB, threads);

    [TestCase(1030, 530, 257, Description = "several panels of rows")]
    [TestCase(30, 530, 9000, Description = "several panels of the depth")]
    public void Multiply_WithAnAddend_DoesSoWhereNoPanelHoldsAll(int m, int n, int k) => AssertAddsToEveryRow(m, n, k, false, false, threads: 2);

    private static void AssertAddsToEveryRow(int m, int n, int k, bool transposeA, bool transposeB, int threads)
    {
        using var a = new FencedMatrix<T>(m, k, seed: 1);
        using var b = new FencedMatrix<T>(k, n, seed: 2);
        using var row = new FencedMatrix<T>(1, n, seed: 3);
        using var expected = new FencedMatrix<T>(m, n, seed: 4);
        using var c = new FencedMatrix<T>(m, n, seed: 5);
        for (int i = 0; i < expected.Count; i++) expected.Start[i] = row.Start[i % n];
        Multiply(a, transposeA, b, transposeB, expected, m, n, k, accumulate: true, threads);
        c.Numbers.Fill(T.NaN);
        Multiply(a, transposeA, b, transposeB, c, m, n, k, accumulate: false, threads, row.Start);
        Assert.That(c.Numbers.SequenceEqual(expected.Numbers), Is.True);
        Assert.That(c.FencesStand, Is.True);
    }

    [TestCase(200, 50, 784)]
    [TestCase(50, 10, 200)]
    [TestCase(40, 300, 500)]
    public void Multiply_ByAStoredTranspose_GivesTheBitsOfThePlainProduct(int m, int n, int k)
    {
        using var a = new FencedMatrix<T>(m, k, seed: 1);
        using var b = new FencedMatrix<T>(k, n, seed: 2);
        using var c = new FencedMatrix<T>(m, n, seed: 3);
        Multiply(a, false, b, false, c, m, n, k, accumulate: false, threads: 1);
        var plain = c.Numbers.ToArray();
        using var transposed = new FencedMatrix<T>(n, k, seed: 9);
        for (int i = 0; i < b.Count; i++) transposed.Start[i % n * k + i / n] = b.Start[i];
        Multiply(a, false, transposed, true, c, m, n, k, accumulate: false, threads: 1);
        Assert.That(c.Numbers.SequenceEqual(plain), Is.True);
    }

    [Test]
    public void Multiply_WithAUsedWorkspace_GivesTheSameBits()
    {
        using var workers = new Workers(2);
        using var used = new ProductWorkspace<T>(2);
        using var a = new FencedMatrix<T>(90, 400, seed: 1);
        using var b = new FencedMatrix<T>(400, 90, seed: 2);
        using var c = new FencedMatrix<T>(90, 90, seed: 3);
        MatrixProduct.Multiply(a.Start, false, b.Start, false, c.Start, 90, 90, 400, false, used, workers);
        MatrixProduct.Multiply(a.Start, false, b.Start, true, c.Start, 17, 19, 23, false, used, workers);
        var again = c.Numbers[..(17 * 19)].ToArray();
        Multiply(a, false, b, true, c, 17, 19, 23, accumulate: false, threads: 1);
        Assert.That(c.Numbers[..(17 * 19)].SequenceEqual(again), Is.True);
    }

    [TestCase(0, 2, 3, "A product of 0×3 and 3×2 has no numbers; every size must be at least 1.")]
    [TestCase(2, -1, 3, "A product of 2×3 and 3×-1 has no numbers; every size must be at least 1.")]
    [TestCase(2, 1, 0, "A product of 2×0 and 0×1 has no numbers; every size must be at least 1.")]
    public void Multiply_OfNothing_IsRefused(int m, int n, int k, string message)
    {
        using var a = new FencedMatrix<T>(3, 3, seed: 1);
        using var c = new FencedMatrix<T>(3, 3, seed: 1);
        Assert.That(
            () => Multiply(a, false, a, false, c, m, n, k, false, 1),
            Throws.TypeOf<ConfigurationException>().With.Message.EqualTo(message));
    }

    [Test]
    public void Multiply_OnALargerTeamThanTheWorkspaceIsFor_IsRefused()
    {
        using var a = new FencedMatrix<T>(3, 3, seed: 1);
        using var c = new FencedMatrix<T>(3, 3, seed: 1);
        using var workers = new Workers(3);
        using var workspace = new ProductWorkspace<T>(2);
        Assert.That(
            () => MatrixProduct.Multiply(a.Start, false, a.Start, false, c.Start, 3, 3, 3, false, workspace, workers),
            Throws.TypeOf<ConfigurationException>().With.Message.EqualTo(
                "The workspace is made for 2 threads, the team has 3; make it for the team."));
    }

    private static void Multiply(
        FencedMatrix<T> a, bool transposeA, FencedMatrix<T> b, bool transposeB, FencedMatrix<T> c,
        int m, int n, int k, bool accumulate, int threads, T* addend = null)
    {
        using var workers = new Workers(threads);
        using var workspace = new ProductWorkspace<T>(threads);
        MatrixProduct.Multiply(a.Start, transposeA, b.Start, transposeB, c.Start, m, n, k, accumulate, workspace, workers, addend);
    }

    private static double[] Expected(
        FencedMatrix<T> a, bool transposeA, FencedMatrix<T> b, bool transposeB, FencedMatrix<T> c, int m, int n, int k, bool accumulate)
    {
        double[] left = Doubles(a), right = Doubles(b), expected = accumulate ? Doubles(c) : new double[m * n];
        for (int row = 0; row < m; row++)
        {
            for (int column = 0; column < n; column++)
            {
                double sum = 0;
                for (int p = 0; p < k; p++)
                    sum += left[transposeA ? p * m + row : row * k + p] * right[transposeB ? column * k + p : p * n + column];
                expected[row * n + column] += sum;
            }
        }
        return expected;
    }

    private static double[] Doubles(FencedMatrix<T> matrix)
    {
        var doubles = new double[matrix.Count];
        for (int i = 0; i < doubles.Length; i++) doubles[i] = double.CreateTruncating(matrix.Start[i]);
        return doubles;
    }
}
