using Hypergrad.Networks;

namespace Hypergrad.Tests.Models;

[TestFixture]
public sealed class NetworksOfEveryLayerTests
{
    [Test]
    public void EveryKindOfLayer_IsThere()
    {
        var kinds = NetworksOfEveryLayer.Cases().SelectMany(each => Kinds(((Network)each.Arguments[0]!).Layers)).Distinct();
        Assert.That(kinds, Is.EquivalentTo(LayerKinds.Names));
    }

    private static IEnumerable<string> Kinds(IEnumerable<Layer> layers) => layers.SelectMany(layer => layer is Residual residual
        ? Kinds([.. residual.Body, .. residual.Shortcut ?? []]).Append(layer.Kind)
        : [layer.Kind]);
}
