using Hypergrad.Wording;

namespace Hypergrad.Tests.Wording;

[TestFixture]
public sealed class NearestNameTests
{
    [TestCase("tahn", "tanh")]
    [TestCase("RELU", "relu")]
    [TestCase("soft-plus", "softplus")]
    [TestCase("quadratic", null)]
    [TestCase("", null)]
    public void Find_GivesTheNearestNameIfThereIsANearOne(string name, string? expected) =>
        Assert.That(NearestName.Find(name, ["tanh", "relu", "softplus", "sigmoid"]), Is.EqualTo(expected));
}
