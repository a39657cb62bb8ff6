using Hypergrad.Backends.Managed.Operations;
using Hypergrad.Networks;
using Hypergrad.Tests.Networks;

namespace Hypergrad.Tests.Backends.Managed.Operations;

public sealed class AdjointPlacesTests
{
    private static IEnumerable<string> Names => OperationCase.Networks.Keys;

    /// <summary>Walking backward, no adjoint is written where another is still wanted.</summary>
    [TestCaseSource(nameof(Names))]
    public void Places_HoldOneWantedAdjointAtATime(string network)
    {
        var program = OperationCase.Networks[network](Loss.Squared).Program;
        var places = new AdjointPlaces(program);
        var wanted = new Dictionary<int, int> { [places.Of(program.Output.Index)] = program.Output.Index };
        foreach (var operation in program.Operations.Reverse())
        {
            int output = operation.Output.Index;
            Assert.That(wanted.TryGetValue(places.Of(output), out int there) && there == output, "the output's adjoint is where it was left");
            foreach (var input in operation.Inputs.Where(input => input.Index != 0))
            {
                Assert.That(wanted.GetValueOrDefault(places.Of(input.Index), input.Index), Is.EqualTo(input.Index));
                Assert.That(places.Sizes[places.Of(input.Index)], Is.GreaterThanOrEqualTo(input.Shape.Count));
                wanted[places.Of(input.Index)] = input.Index;
            }
            _ = wanted.Remove(places.Of(output));
        }
    }

    [Test]
    public void ChainOfLayers_TakesTwoPlaces()
    {
        var places = new AdjointPlaces(Network.Mlp([9, 50, 30, 70, 10]).Program);
        Assert.That(places.Sizes, Is.EquivalentTo(new[] { 30, 70 }));
    }
}
