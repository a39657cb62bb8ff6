using System.Numerics;
using Hypergrad.Backends.Managed.Updates;
using Hypergrad.Optimizers;

namespace Hypergrad.Backends.Managed;

/// <summary>The coefficients of an optimizer at one step in the session's precision, as rings.</summary>
internal sealed class ManagedCoefficients<T> : IDisposable where T : unmanaged, INumberBase<T>
{
    private readonly IReadOnlyList<Coefficient> coefficients;
    private readonly CoefficientRing<T>[] rings;
    private readonly T[][] rows;
    private int prepared = -1;

    public ManagedCoefficients(IReadOnlyList<Coefficient> coefficients)
    {
        this.coefficients = coefficients;
        rings = [.. coefficients.Select(coefficient => new CoefficientRing<T>(coefficient.Grouping))];
        rows = [.. coefficients.Select(coefficient => new T[coefficient.Grouping.Count])];
    }

    /// <summary>Takes the coefficients of a step.</summary>
    public void Prepare(int step)
    {
        if (step == prepared)
            return;
        for (int i = 0; i < rings.Length; i++)
        {
            var values = coefficients[i].Row(step);
            for (int group = 0; group < values.Length; group++)
                rows[i][group] = T.CreateTruncating(values[group]);
            rings[i].Fill(rows[i]);
        }
        prepared = step;
    }

    /// <summary>The ring of one coefficient.</summary>
    public CoefficientRing<T> this[int coefficient] => rings[coefficient];

    public void Dispose()
    {
        foreach (var ring in rings)
            ring.Dispose();
    }
}
