using System.Numerics;
using Hypergrad.Backends.Managed.Updates;
using Hypergrad.Optimizers;

namespace Hypergrad.Backends.Managed;

/// <summary>The coefficients of an optimizer, each at one step in the session's precision, as rings.</summary>
internal sealed class ManagedCoefficients<T> : IDisposable where T : unmanaged, INumberBase<T>
{
    private readonly IReadOnlyList<Coefficient> coefficients;
    private readonly CoefficientRing<T>[] rings;
    private readonly T[][] rows;
    private readonly int[] prepared;

    public ManagedCoefficients(IReadOnlyList<Coefficient> coefficients)
    {
        this.coefficients = coefficients;
        rings = [.. coefficients.Select(coefficient => new CoefficientRing<T>(coefficient.Grouping))];
        rows = [.. coefficients.Select(coefficient => new T[coefficient.Grouping.Count])];
        prepared = [.. coefficients.Select(_ => -1)];
    }

    /// <summary>Takes the values that a coefficient has at a step.</summary>
    public void Prepare(int coefficient, int step)
    {
        if (step == prepared[coefficient])
            return;
        var values = coefficients[coefficient].Row(step);
        for (int group = 0; group < values.Length; group++)
            rows[coefficient][group] = T.CreateTruncating(values[group]);
        rings[coefficient].Fill(rows[coefficient]);
        prepared[coefficient] = step;
    }

    /// <summary>The ring of one coefficient.</summary>
    public CoefficientRing<T> this[int coefficient] => rings[coefficient];

    public void Dispose()
    {
        foreach (var ring in rings)
            ring.Dispose();
    }
}
