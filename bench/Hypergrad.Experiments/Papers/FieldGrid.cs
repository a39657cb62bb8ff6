using Hypergrad.Experiments.Running;

namespace Hypergrad.Experiments.Papers;

/// <summary>Places over two coordinates, and what a loss with its gradients looks like on them.</summary>
/// <param name="X">The first coordinate's places, evenly spaced.</param>
/// <param name="Y">The second's.</param>
internal sealed record FieldGrid(double[] X, double[] Y)
{
    /// <summary>Something at every place.</summary>
    public T[,] Map<T>(Func<double, double, T> make)
    {
        var result = new T[X.Length, Y.Length];
        for (int i = 0; i < X.Length; i++)
            for (int j = 0; j < Y.Length; j++)
                result[i, j] = make(X[i], Y[j]);
        return result;
    }

    /// <summary>The mean cosine between gradients and central differences, at the places inside the grid.</summary>
    public double AgreementWithDifferences((double Loss, double[] Gradient)[,] field)
    {
        double[] Difference(int i, int j) =>
        [
            (field[i + 1, j].Loss - field[i - 1, j].Loss) / (X[i + 1] - X[i - 1]),
            (field[i, j + 1].Loss - field[i, j - 1].Loss) / (Y[j + 1] - Y[j - 1]),
        ];
        return Inside().Average(at => Statistics.Cosine(field[at.I, at.J].Gradient, Difference(at.I, at.J)));
    }

    /// <summary>The share of the places inside the grid where the Hessian, from differences of gradients, is positive definite.</summary>
    public double ConvexShare((double Loss, double[] Gradient)[,] field)
    {
        bool IsConvex(int i, int j)
        {
            double Of(int part, int di, int dj) => (field[i + di, j + dj].Gradient[part] - field[i - di, j - dj].Gradient[part])
                / (di > 0 ? X[i + 1] - X[i - 1] : Y[j + 1] - Y[j - 1]);
            double xx = Of(0, 1, 0), yy = Of(1, 0, 1), xy = (Of(0, 0, 1) + Of(1, 1, 0)) / 2;
            return xx > 0 && xx * yy > xy * xy;
        }
        return Inside().Average(at => IsConvex(at.I, at.J) ? 1.0 : 0);
    }

    /// <summary>How many places are lower than their eight neighbours, the edge of the grid included.</summary>
    public int LocalMinima((double Loss, double[] Gradient)[,] field)
    {
        bool IsLowest(int i, int j)
        {
            for (int a = Math.Max(0, i - 1); a <= Math.Min(X.Length - 1, i + 1); a++)
                for (int b = Math.Max(0, j - 1); b <= Math.Min(Y.Length - 1, j + 1); b++)
                    if (field[a, b].Loss < field[i, j].Loss)
                        return false;
            return true;
        }
        return All().Count(at => IsLowest(at.I, at.J));
    }

    /// <summary>The lowest place and its loss.</summary>
    public (double X, double Y, double Loss) Minimum((double Loss, double[] Gradient)[,] field)
    {
        var (i, j) = All().MinBy(at => field[at.I, at.J].Loss);
        return (X[i], Y[j], field[i, j].Loss);
    }

    private IEnumerable<(int I, int J)> All() =>
        Enumerable.Range(0, X.Length).SelectMany(i => Enumerable.Range(0, Y.Length).Select(j => (i, j)));

    private IEnumerable<(int I, int J)> Inside() => All().Where(at => at.I > 0 && at.J > 0 && at.I < X.Length - 1 && at.J < Y.Length - 1);
}
