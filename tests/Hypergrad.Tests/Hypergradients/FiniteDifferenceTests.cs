using Hypergrad.Arithmetic;
using Hypergrad.Backends;
using Hypergrad.Data;
using Hypergrad.Hypergradients;
using Hypergrad.Hyperparameters;
using Hypergrad.Networks;
using Hypergrad.Optimizers;
using Hypergrad.Runs;
using Hypergrad.Tests.Runs;

namespace Hypergrad.Tests.Hypergradients;

/// <summary>
/// Whole hypergradients against central differences of the validation loss. A momentum is a ratio n/65536, so its differences are whole
/// numbers of those.
/// </summary>
[TestFixture]
public sealed class FiniteDifferenceTests
{
    private const double Shift = 1e-5, MomentumShift = 16.0 / DecayRatio.MomentumDenominator;
    private const int Steps = 4;

    [TestCase(Activation.Tanh, Loss.SoftmaxCrossEntropy)]
    [TestCase(Activation.Gelu, Loss.Squared)]
    public void RawGradient_IsTheSlopeOfTheValidationLoss(Activation activation, Loss loss)
    {
        var small = new SmallRun(31, [3, 3, 2], activation, loss, Steps);
        small.Momentum = [.. small.Momentum.Select(momentum => DecayRatio.FromMomentum(momentum).Value)];
        var raw = Hypergradient.Exact(small.ToRun(), small.Validation, new() { Precision = Precision.Double }).Raw;
        using (Assert.EnterMultipleScope())
            foreach (var quantity in raw.Quantities.Where(quantity => quantity != Quantity.InitialVelocity))
            {
                double[] values = small[quantity];
                double shift = quantity == Quantity.Momentum ? MomentumShift : Shift;
                var slopes = new double[values.Length];
                for (int i = 0; i < slopes.Length; i++)
                {
                    double start = values[i];
                    values[i] = start + shift;
                    double ahead = LossOf(small.ToRun(), small.Validation);
                    values[i] = start - shift;
                    slopes[i] = (ahead - LossOf(small.ToRun(), small.Validation)) / (2 * shift);
                    values[i] = start;
                }
                Close.Assert(raw[quantity], slopes, quantity == Quantity.Momentum ? 1e-5 : 1e-7, quantity.Name);
            }
    }

    private static IEnumerable<TestCaseData> Sets()
    {
        HyperparameterSet Set(Schedule learningRate, Schedule momentum) =>
            new() { Optimizer = new Momentum { LearningRate = learningRate, Coefficient = momentum } };
        Schedule Rates(Sharing sharing) => Schedule.PerStep(Steps, sharing, 0.4);
        Schedule Momenta(Sharing sharing) => Schedule.PerStep(Steps, sharing, 0.75);
        TestCaseData Case(string name, HyperparameterSet set, Loss loss = Loss.SoftmaxCrossEntropy) =>
            new TestCaseData(set, loss).SetArgDisplayNames(name);

        yield return Case("per step, all",
            Set(Rates(Sharing.All), Momenta(Sharing.All)) with { InitialScale = Scale.Per(Sharing.All, 0.5) });
        yield return Case("per step, layer",
            Set(Rates(Sharing.Layer), Momenta(Sharing.Layer)) with { InitialScale = Scale.Per(Sharing.Layer, 0.5) });
        yield return Case("per step, tensor",
            Set(Rates(Sharing.Tensor), Momenta(Sharing.Tensor)) with { InitialScale = Scale.Per(Sharing.Tensor, 0.5) });
        yield return Case("per step, unit", Set(Rates(Sharing.Unit), Momenta(Sharing.Unit)));
        yield return Case("rates by unit, momenta by layer", Set(Rates(Sharing.Unit), Momenta(Sharing.Layer)));
        foreach (var sharing in new[] { Sharing.All, Sharing.Layer, Sharing.Tensor, Sharing.Unit })
            yield return Case($"constant, {sharing}", Set(Schedule.Constant(Steps, sharing, 0.4), Schedule.Constant(Steps, sharing, 0.75)));
        foreach (var sharing in Enum.GetValues<Sharing>())
            yield return Case($"penalties, {sharing}", Set(Rates(Sharing.All).Fixed(), Momenta(Sharing.All).Fixed()) with
            {
                InitialScale = Scale.Per(Sharing.All, 0.5).Fixed(),
                L2 = Penalty.Per(sharing, 0.03),
                L1 = Penalty.Per(sharing, 0.01),
            });
        foreach (var loss in Enum.GetValues<Loss>())
            yield return Case($"everything, {loss}", Set(Rates(Sharing.Tensor), Schedule.Constant(Steps, Sharing.Unit, 0.75)) with
            {
                InitialScale = Scale.Per(Sharing.Layer, 0.5),
                L2 = Penalty.Per(Sharing.Weight, 0.03),
                L1 = Penalty.Per(Sharing.Input, 0.01),
                TrainingInputs = TrainingInputs.Of([0, 3]),
                Targets = SoftTargets.Of([1, 4, 0], 0.2),
                ExampleWeights = ExampleWeights.Of([2, 1], 0.8),
            }, loss);
        yield return Case("data of all examples", Set(Rates(Sharing.All), Momenta(Sharing.All).Fixed()) with
        {
            TrainingInputs = TrainingInputs.All(),
            Targets = SoftTargets.All(0.1),
            ExampleWeights = ExampleWeights.All(),
        });
        yield return Case("example weights between 0 and 1", Set(Rates(Sharing.All), Momenta(Sharing.All).Fixed()) with
        {
            ExampleWeights = ExampleWeights.All(0.4).Bounded(),
        });
        yield return Case("example weights of mean 1", Set(Rates(Sharing.All), Momenta(Sharing.All).Fixed()) with
        {
            ExampleWeights = ExampleWeights.Of([3, 0, 1]).MeanOne(),
        });
    }

    [TestCaseSource(nameof(Sets))]
    public void TunedCoordinates_AreTheSlopesOfTheValidationLoss(HyperparameterSet set, Loss loss)
    {
        var network = Network.Mlp([2, 3, 2], Activation.Tanh, loss);
        var run = new TrainingRun(network, Training(), Spread(set, network))
        {
            BatchSize = 4,
            Seed = 5,
            Sampling = Sampling.WithReplacement,
        };
        var validation = new SmallRun(8, [2, 3, 2], loss: loss).Validation;
        double[] vector = run.Hyperparameters!.ToVector(network);
        using (Assert.EnterMultipleScope())
            foreach (var method in (HypergradientMethod[])[new ReversibleMethod(), new StoredMethod()])
            {
                var result = Hypergradient.Compute(run, validation, method, new() { Precision = Precision.Double });
                Assert.That(result.Coordinates, Has.Length.EqualTo(vector.Length));
                int start = 0;
                foreach (var tuned in result.Tuned)
                {
                    var range = start..(start + tuned.Count);
                    Close.Assert(
                        result.Coordinates[range], Slopes(run, validation, vector, range, tuned),
                        tuned.Quantity == Quantity.Momentum ? 2e-5 : 1e-7,
                        $"{method.Name}, {tuned.Name}");
                    start += tuned.Count;
                }
                Assert.That(start, Is.EqualTo(vector.Length));
            }
    }

    private static double[] Slopes(TrainingRun run, Dataset validation, double[] vector, Range range, TunedHyperparameter tuned)
    {
        var (start, count) = range.GetOffsetAndLength(vector.Length);
        var slopes = new double[count];
        for (int i = 0; i < count; i++)
        {
            var (ahead, behind) = (vector[start + i] + Shift, vector[start + i] - Shift);
            if (tuned.Quantity == Quantity.Momentum)
            {
                double momentum = tuned.Values[i], higher = momentum + MomentumShift, lower = momentum - MomentumShift;
                (ahead, behind) = (Math.Log(higher / (1 - higher)), Math.Log(lower / (1 - lower)));
            }
            slopes[i] = (LossAt(ahead) - LossAt(behind)) / (ahead - behind);

            double LossAt(double coordinate)
            {
                double[] moved = [.. vector];
                moved[start + i] = coordinate;
                return LossOf(run.With(run.Hyperparameters!.WithVector(run.Network, moved)), validation);
            }
        }
        return slopes;
    }

    // Six examples, one-hot.
    private static Dataset Training()
    {
        var random = new Philox(21);
        double[] inputs = [.. Enumerable.Range(0, 12).Select(i => 2 * random.Uniform((ulong)i) - 1)];
        return new(new Table(inputs, 2), new Table([1.0, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1], 2));
    }

    // Values that differ from each other, momenta on the grid of ratios.
    private static HyperparameterSet Spread(HyperparameterSet set, Network network)
    {
        var complete = set.For(network, Training());
        double[] vector = complete.ToVector(network);
        for (int i = 0; i < vector.Length; i++)
            vector[i] += 0.2 * Math.Sin(i + 1);
        complete = complete.WithVector(network, vector);
        var momentum = complete[Quantity.Momentum]!;
        return complete.With(Quantity.Momentum, momentum with
        {
            Values = [.. momentum.Values!.Select(value => DecayRatio.FromMomentum(value).Value)],
        });
    }

    private static double LossOf(TrainingRun run, Dataset validation) =>
        Hypergradient.Stored(run, validation, new() { Precision = Precision.Double, Quantities = [] }).ValidationLoss;
}
