using Hypergrad.Backends;
using Hypergrad.Hypergradients;
using Hypergrad.Hyperparameters;
using Hypergrad.Tests.Runs;
using Hypergrad.Tests.Trajectories;

namespace Hypergrad.Tests.Hypergradients;

/// <summary>What an adjoint sets aside, which is memory of the size of the weights or the data, and that it gives all of it back.</summary>
[TestFixture]
public sealed class AdjointTests
{
    // w̄, v̄, u and Hu are always there.
    private static IEnumerable<TestCaseData> Asked()
    {
        yield return Case([], 4, 0, 0);
        yield return Case([Quantity.LearningRate], 4, 1, 0);
        yield return Case([Quantity.Momentum], 4, 2, 0);
        yield return Case([Quantity.L2], 5, 0, 0);
        yield return Case([Quantity.L1], 5, 0, 0);
        yield return Case([Quantity.InitialWeights, Quantity.InitialVelocity], 4, 0, 0);
        yield return Case([Quantity.Inputs, Quantity.ExampleWeights], 4, 0, 1);
        yield return Case([.. SmallRaw().Quantities], 6, 3, 1);

        static TestCaseData Case(Quantity[] quantities, int vectors, int coefficients, int data) =>
            new TestCaseData(quantities, vectors, coefficients, data)
                .SetArgDisplayNames(quantities.Length == 0 ? "nothing" : string.Join(", ", quantities.AsEnumerable()));
    }

    [TestCaseSource(nameof(Asked))]
    public void SetsAside_WhatIsAskedFor_AndGivesItBack(Quantity[] quantities, int vectors, int coefficients, int data)
    {
        using var managed = Backend.Managed.Open(SmallRaw(), Precision.Double);
        var made = new Dictionary<string, int>();
        int given = 0;
        object Counted<T>(string method, T vector) where T : class
        {
            made[method] = made.GetValueOrDefault(method) + 1;
            return Altered<T>.Around(vector, (name, _, result) =>
            {
                given += name == "Dispose" ? 1 : 0;
                return result;
            });
        }
        var session = Altered<ISession>.Around(managed, (method, _, result) => (method, result) switch
        {
            ("NewVector", IVector vector) => Counted(method, vector),
            ("NewCoefficientVector", ICoefficientVector vector) => Counted(method, vector),
            ("NewDataVector", IDataVector vector) => Counted(method, vector),
            _ => result,
        });
        var adjoint = new Adjoint(session, quantities);
        Assert.That(
            (made["NewVector"], made.GetValueOrDefault("NewCoefficientVector"), made.GetValueOrDefault("NewDataVector")),
            Is.EqualTo((vectors, coefficients, data)));
        adjoint.Dispose();
        Assert.That(given, Is.EqualTo(vectors + coefficients + data));
    }

    [Test]
    public void Gradient_HasWhatIsAskedFor_Alone([ValueSource(nameof(Each))] Quantity quantity)
    {
        using var session = Backend.Managed.Open(SmallRaw(), Precision.Double);
        using var adjoint = new Adjoint(session, [quantity]);
        Assert.That(adjoint.ToRawGradient(0).Quantities, Is.EqualTo(new[] { quantity }));
    }

    // Its weights' decay is 1 − αλ, a coefficient of two quantities: either alone needs it.
    [Test]
    public void EachQuantityOfAdamW_IsTheSameAlone_AsAmongAll()
    {
        var run = new SmallRun(1, [2, 2]).WithAdamW();
        Hypergradient Compute(Quantity[] quantities) => Hypergradient.Stored(run.ToRun(), run.Validation, new()
        {
            Backend = Backend.Managed,
            Precision = Precision.Double,
            Quantities = quantities,
        });
        Quantity[] every = [.. run.Scheduled];
        var together = Compute(every).Raw;
        foreach (var quantity in every)
            Close.AssertSame(Compute([quantity]).Raw[quantity], together[quantity], quantity.Name);
    }

    private static IEnumerable<Quantity> Each() => SmallRaw().Quantities;

    private static Hypergrad.Runs.RawRun SmallRaw() => new SmallRun(1, [2, 2]).ToRaw();
}
