using System.Runtime.CompilerServices;
using Hypergrad.Arithmetic;
using Hypergrad.Hyperparameters;

namespace Hypergrad.Backends.Managed.Momentum;

/// <summary>The coefficients of the exact step, as rings; one step's at a time.</summary>
internal sealed class ExactRings(ScheduleTable learningRates, DecayRatio[] ratios, WeightGrouping momentumGrouping) : IDisposable
{
    private readonly CoefficientRing<double> learningRate = new(learningRates.Grouping);
    private readonly CoefficientRing<double> ratio = new(momentumGrouping);
    private readonly CoefficientRing<double> aboveInverse = new(momentumGrouping);
    private readonly CoefficientRing<double> kick = new(momentumGrouping);
    private readonly double[] scratch = new double[momentumGrouping.Count];

    /// <summary>Takes the learning rates of a step.</summary>
    public void PrepareDrift(int step) => learningRate.Fill(learningRates.Row(step));

    /// <summary>Takes the momenta of a step.</summary>
    public void PrepareKick(int step)
    {
        Fill(ratio, step, r => r.Numerator);
        Fill(aboveInverse, step, r => FixedPointVectors.AboveInverse(r.Numerator));
        Fill(kick, step, r => r.Complement * FixedPoint.One);
    }

    /// <summary>Goes along the coefficients of a tile.</summary>
    public Cursor At(in WeightTile tile) => new(ratio.At(tile), aboveInverse.At(tile), kick.At(tile), learningRate.At(tile));

    public void Dispose()
    {
        foreach (var ring in new[] { learningRate, ratio, aboveInverse, kick })
            ring.Dispose();
    }

    private void Fill(CoefficientRing<double> ring, int step, Func<DecayRatio, double> coefficient)
    {
        for (int group = 0; group < scratch.Length; group++)
            scratch[group] = coefficient(ratios[step * scratch.Length + group]);
        ring.Fill(scratch);
    }

    /// <summary>Walks round all rings at once.</summary>
    internal struct Cursor(
        RingCursor<double> ratio, RingCursor<double> aboveInverse, RingCursor<double> kick, RingCursor<double> learningRate)
    {
        private RingCursor<double> ratio = ratio, aboveInverse = aboveInverse, kick = kick, learningRate = learningRate;

        /// <summary>The coefficients of the eight weights at hand.</summary>
        public readonly ExactCoefficients Current
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            get => new()
            {
                Ratio = ratio.Current,
                AboveInverse = aboveInverse.Current,
                Kick = kick.Current,
                LearningRate = learningRate.Current,
            };
        }

        /// <summary>Goes on by eight weights.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Advance()
        {
            ratio.Advance(8);
            aboveInverse.Advance(8);
            kick.Advance(8);
            learningRate.Advance(8);
        }
    }
}
