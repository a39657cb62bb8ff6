using Hypergrad.Hyperparameters;
using Hypergrad.Networks;

namespace Hypergrad.Tests.Networks;

[TestFixture]
public sealed class NetworkTests
{
    [Test]
    public void Tensors_LieOneAfterTheOther()
    {
        var network = Network.Mlp([3, 5, 2]);
        Assert.That(network.Tensors, Is.EqualTo(new ParameterTensor[]
        {
            new("W1", ParameterRole.Weight, Layer: 0, Index: 0, Offset: 0, Rows: 3, Columns: 5, Leader: 0),
            new("b1", ParameterRole.Bias, Layer: 0, Index: 1, Offset: 15, Rows: 1, Columns: 5, Leader: 0),
            new("W2", ParameterRole.Weight, Layer: 1, Index: 2, Offset: 20, Rows: 5, Columns: 2, Leader: 2),
            new("b2", ParameterRole.Bias, Layer: 1, Index: 3, Offset: 30, Rows: 1, Columns: 2, Leader: 2),
        }));
        Assert.That((network.ParameterCount, network.Depth, network.InputSize, network.OutputSize), Is.EqualTo((32, 2, 3, 2)));
        Assert.That(network.Tensors.Select(tensor => tensor.JoinsLeader), Is.EqualTo(new[] { false, true, false, true }));
        Assert.That(network.ToString(), Is.EqualTo("3-5-2"));
    }

    [Test]
    public void Sizes_ThatMakeNoNetwork_AreRefused()
    {
        Refusals.Configuration(() => _ = Network.Mlp([]),
            "A network needs at least an input and an output size, such as 784-50-10; 0 given.");
        Refusals.Configuration(() => _ = Network.Mlp([7]),
            "A network needs at least an input and an output size, such as 784-50-10; 1 given.");
        Refusals.Configuration(() => _ = Network.Mlp([7, 0, 2]), "Layer 1 of 7-0-2 has size 0; every layer needs at least 1 unit.");
        Refusals.Configuration(() => _ = Network.Mlp([7, 3, -2]), "Layer 2 of 7-3--2 has size -2; every layer needs at least 1 unit.");
        Refusals.Configuration(
            () => _ = Network.Mlp([100_000, 100_000]),
            $"Layer 1 (dense): with its weights the network has more than {Array.MaxLength / 2}; make its layers smaller.");
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
