using Hypergrad.Hyperparameters;
using Hypergrad.Networks;

namespace Hypergrad.Tests.Models;

[TestFixture]
public sealed class MlpTests
{
    [Test]
    public void Tensors_LieOneAfterTheOther()
    {
        var model = new Mlp([3, 5, 2]);
        Assert.That(model.Tensors, Is.EqualTo(
            new ParameterTensor[] { new("W1", 0, 0, 3, 5), new("b1", 0, 15, 1, 5), new("W2", 1, 20, 5, 2), new("b2", 1, 30, 1, 2) }));
        Assert.That((model.ParameterCount, model.Depth, model.InputSize, model.OutputSize), Is.EqualTo((32, 2, 3, 2)));
        Assert.That((model.Weight(1).Name, model.Bias(1).Name, model.Bias(1).IsBias, model.Weight(1).IsBias),
            Is.EqualTo(("W2", "b2", true, false)));
        Assert.That(model.ToString(), Is.EqualTo("3-5-2"));
    }

    [Test]
    public void Sizes_ThatMakeNoNetwork_AreRefused()
    {
        Refusals.Configuration(() => _ = new Mlp([]), "A network needs at least an input and an output size, such as 784-50-10; 0 given.");
        Refusals.Configuration(() => _ = new Mlp([7]), "A network needs at least an input and an output size, such as 784-50-10; 1 given.");
        Refusals.Configuration(() => _ = new Mlp([7, 0, 2]), "Layer 1 of 7-0-2 has size 0; every layer needs at least 1 unit.");
        Refusals.Configuration(() => _ = new Mlp([7, 3, -2]), "Layer 2 of 7-3--2 has size -2; every layer needs at least 1 unit.");
        Refusals.Configuration(
            () => _ = new Mlp([100_000, 100_000]),
            $"The network 100000-100000 has more than {Array.MaxLength / 2} weights; make its layers smaller.");
    }

    [Test]
    public void InitialNoise_IsTheSameHoweverItIsCut_AndOtherForEverySeedAndReplica()
    {
        double[] whole = new double[100], end = new double[63], other = new double[100], replica = new double[100];
        InitialNoise.Fill(3, 0, 0, whole);
        InitialNoise.Fill(3, 0, 37, end);
        InitialNoise.Fill(4, 0, 0, other);
        InitialNoise.Fill(3, 1, 0, replica);
        Assert.That(end, Is.EqualTo(whole[37..]));
        Assert.That(whole.Intersect(other).Concat(whole.Intersect(replica)), Is.Empty);
    }
}
