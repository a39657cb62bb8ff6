using System.Numerics;
using Hypergrad.Arithmetic;
using Hypergrad.Backends.Managed.Momentum;
using Hypergrad.Hyperparameters;

namespace Hypergrad.Backends.Managed;

/// <summary>α_t, γ_t and 1 − γ_t of one step in the session's precision, as rings.</summary>
internal sealed class ManagedCoefficients<T>(ScheduleTable learningRates, ScheduleTable momenta) : IDisposable
    where T : unmanaged, INumberBase<T>
{
    private readonly CoefficientRing<T> learningRate = new(learningRates.Grouping);
    private readonly CoefficientRing<T> momentum = new(momenta.Grouping), complement = new(momenta.Grouping);
    private int prepared = -1;

    /// <summary>Takes the coefficients of a step.</summary>
    public void Prepare(int step)
    {
        if (step == prepared)
            return;
        Fill(learningRate, learningRates.Row(step), value => value);
        Fill(momentum, momenta.Row(step), value => DecayRatio.FromMomentum(value).Value);
        Fill(complement, momenta.Row(step), value => DecayRatio.FromMomentum(value).Complement);
        prepared = step;
    }

    /// <summary>The ring of one coefficient.</summary>
    public CoefficientRing<T> this[StepCoefficient coefficient] => coefficient switch
    {
        StepCoefficient.LearningRate => learningRate,
        StepCoefficient.Momentum => momentum,
        _ => complement,
    };

    public void Dispose()
    {
        learningRate.Dispose();
        momentum.Dispose();
        complement.Dispose();
    }

    private static void Fill(CoefficientRing<T> ring, ReadOnlySpan<double> values, Func<double, double> coefficient)
    {
        var row = new T[values.Length];
        for (int group = 0; group < row.Length; group++)
            row[group] = T.CreateTruncating(coefficient(values[group]));
        ring.Fill(row);
    }
}
