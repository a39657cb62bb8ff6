namespace Hypergrad.Backends.Managed.Products;

/// <summary>Products of dense row-major matrices.</summary>
/// <remarks>
/// The design is that of Goto and van de Geijn, <i>Anatomy of High-Performance Matrix Multiplication</i> (2008), with the kernels of Van
/// Zee and van de Geijn (<i>BLIS</i>, 2015), except that A is read where it lies when the product is too narrow to repay packing it.
/// </remarks>
internal static unsafe class MatrixProduct
{
    /// <summary>C = op(A) · op(B), or C += op(A) · op(B), with op the matrix itself or its transpose.</summary>
    /// <remarks>
    /// The result is the same to the bit for every number of threads and from call to call; it depends on the machine's register width and
    /// on how the operands are stored. C overlaps neither A nor B. Nothing is allocated once the workspace has grown to what is needed.
    /// </remarks>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="a">A: m × k, or k × m where <paramref name="transposeA"/>.</param>
    /// <param name="transposeA">Whether A is stored transposed.</param>
    /// <param name="b">B: k × n, or n × k where <paramref name="transposeB"/>.</param>
    /// <param name="transposeB">Whether B is stored transposed.</param>
    /// <param name="c">C: m × n.</param>
    /// <param name="m">Rows of C, at least 1.</param>
    /// <param name="n">Columns of C, at least 1.</param>
    /// <param name="k">Length of the sums, at least 1.</param>
    /// <param name="accumulate">Whether to add to what C holds.</param>
    /// <param name="workspace">Memory for at least as many threads as <paramref name="workers"/> has.</param>
    /// <param name="workers">The team that computes.</param>
    /// <param name="addend">A row that is added to every row of the product, [n], or null; C is overwritten then.</param>
    public static void Multiply<T>(
        T* a, bool transposeA, T* b, bool transposeB, T* c, int m, int n, int k, bool accumulate,
        ProductWorkspace<T> workspace, Workers workers, T* addend = null)
        where T : unmanaged
    {
        if (m < 1 || n < 1 || k < 1)
            throw new ConfigurationException($"A product of {m}×{k} and {k}×{n} has no numbers; every size must be at least 1.");
        if (workers.Threads > workspace.Threads)
            throw new ConfigurationException(
                $"The workspace is made for {workspace.Threads} threads, the team has {workers.Threads}; make it for the team.");
        workspace.Multiplier.Multiply(a, transposeA, b, transposeB, c, m, n, k, accumulate, workers, addend);
    }
}
