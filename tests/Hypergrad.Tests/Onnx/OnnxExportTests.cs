using Google.Protobuf;
using Hypergrad.Data;
using Hypergrad.Models;
using Hypergrad.Networks;
using Hypergrad.Networks.Operations;
using Hypergrad.Onnx;
using Hypergrad.Tests.Models;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Hypergrad.Tests.Onnx;

/// <summary>What ONNX Runtime computes of an exported model is what the model predicts.</summary>
[TestFixture]
public sealed class OnnxExportTests
{
    private const int Examples = 5;

    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [TestCaseSource(typeof(NetworksOfEveryLayer), nameof(NetworksOfEveryLayer.Cases))]
    public void EveryLayer_PredictsTheSame(Network network) => AssertSame(ModelUnderTest.Of(network));

    [Test]
    public void Ensemble_PredictsTheSame() =>
        AssertSame(ModelUnderTest.Of(Network.Mlp([5, 4, 3]), replicas: 3, classes: ["a", "b", "c"]));

    [Test]
    public void ImagesThatWereNormalised_PredictTheSame()
    {
        var network = NetworksOfEveryLayer.Vgg();
        var inputs = ModelUnderTest.Inputs(network, 20);
        var data = new Dataset(inputs, new Table(new float[20], 1));
        AssertSame(ModelUnderTest.Of(network) with { InputNormalization = Normalization.Fit(data, NormalizationMode.Standardize) });
    }

    // Inputs far from 0 beside their deviations, and a feature that is constant.
    [Test]
    public void Regression_PredictsTheSame_InTheUnitsOfTheData()
    {
        var network = Network.Mlp([3, 8, 2], Activation.Gelu, Loss.Squared);
        var inputs = new Table(new float[] { 1000, 0.001f, 7, 1001, 0.002f, 7, 1003, 0.004f, 7 }, 3);
        var data = new Dataset(inputs, new Table([1.0, -40, 2, 10, 4, 20], 2));
        var model = ModelUnderTest.Of(network, replicas: 2) with
        {
            InputNormalization = Normalization.Fit(data, NormalizationMode.Standardize),
            TargetNormalization = Normalization.FitTargets(data, NormalizationMode.Standardize),
        };
        AssertSame(model, inputs);
    }

    [Test]
    public void File_SaysWhatItIs()
    {
        var model = ModelUnderTest.Of(Network.Mlp([5, 3]), classes: ["setosa", "versicolor", "virginica"]);
        var message = OnnxExport.ToMessage(model);
        Assert.That((message.IrVersion, message.OpsetImport.Single().Version), Is.EqualTo((8, 17)));
        Assert.That((message.ProducerName, message.ProducerVersion), Is.EqualTo(("Hypergrad", "0.1.0")));
        OnnxExport.Save(model, folder.File("model.onnx"));
        using var session = new InferenceSession(folder.File("model.onnx"));
        Assert.That(session.ModelMetadata.ProducerName, Is.EqualTo("Hypergrad"));
        Assert.That(session.ModelMetadata.CustomMetadataMap, Is.EquivalentTo(new Dictionary<string, string>
        {
            ["class.0"] = "setosa",
            ["class.1"] = "versicolor",
            ["class.2"] = "virginica",
        }));
        Assert.That(session.OutputMetadata.Keys, Is.EqualTo(new[] { "probabilities", "class" }));
    }

    [Test]
    public void Comparison_CanFail()
    {
        var model = ModelUnderTest.Of(Network.Mlp([5, 3]));
        var inputs = ModelUnderTest.Inputs(model.Network, Examples);
        var other = model with { Weights = [[.. model.Weights[0][..^1], model.Weights[0][^1] + 0.01f]] };
        Assert.That(Run(other, inputs).Numbers, Is.Not.EqualTo(ModelUnderTest.All(model.Predict(inputs))).Within(1e-5));
    }

    [Test]
    public void PlaceThatCannotBeWritten_IsRefused()
    {
        string below = Path.Combine(folder.Write("file", "content"), "model.onnx");
        Assert.That(() => OnnxExport.Save(ModelUnderTest.Linear(), below), Throws.TypeOf<ConfigurationException>());
    }

    [Test]
    public void ModelTooLargeForTheFormat_IsRefused()
    {
        var model = ModelUnderTest.Of(Network.Mlp([1000, 1000]));
        var large = model with { Weights = [.. Enumerable.Repeat(model.Weights[0], 300)] };
        Refusals.Configuration(() => OnnxExport.ToMessage(large), "The weights take 1201200000 bytes; an ONNX file has at most 1073741823. "
            + "Use a smaller network or fewer replicas.");
    }

    [Test]
    public void WhatHasNoFormInOnnx_IsRefused()
    {
        Refused("The operation Twice has no form in ONNX yet.", input => new Twice(input));
        Refused("The activation 99 has no form in ONNX yet.", input => new Activate(input, (Activation)99));
        var apart = new MatrixLayout(3, 1);
        Refused("Matrices that lie neither side by side nor one after the other have no form in ONNX yet.",
            input => new BatchedProduct(input, apart, input, apart, true, apart, 1, 2, 2, 2, 1, new(2, 2)));

        static void Refused(string message, Func<Value, Operation> make) => Refusals.Configuration(
            () => OnnxExport.ToMessage(ModelUnderTest.Of(new([4], new Dense(4), new OwnLayer(make)))), message);
    }

    private sealed record Twice(Value Input) : Operation
    {
        public override IReadOnlyList<Value> Inputs => [Input];

        public override Shape OutputShape => Input.Shape;
    }

    private sealed record OwnLayer(Func<Value, Operation> Make) : Layer
    {
        public override string Kind => "own";

        public override void Write(LayerWriter fields) { }

        public override Value Lower(Value input, ProgramBuilder program) => program.Emit(Make(input));
    }

    private static void AssertSame(TrainedModel model, Table? given = null)
    {
        var inputs = given ?? ModelUnderTest.Inputs(model.Network, Examples);
        var predicted = model.Predict(inputs);
        var (numbers, classes) = Run(model, inputs);
        double[] expected = ModelUnderTest.All(predicted);
        Close.AssertWithin(numbers, expected, i => 1e-5 * Math.Max(1, Math.Abs(expected[i])), "predictions");
        if (model.IsClassifier)
            Assert.That(classes, Is.EqualTo(Enumerable.Range(0, predicted.Count).SelectMany(example =>
                Enumerable.Range(0, predicted.Positions).Select(position => (long)predicted.ClassOf(example, position)))));
    }

    private static (double[] Numbers, long[] Classes) Run(TrainedModel model, Table inputs)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1 };
        using var session = new InferenceSession(OnnxExport.ToMessage(model).ToByteArray(), options);
        using var results = session.Run([Input(model.Network, inputs)]);
        string name = OnnxExport.OutputNameOf(model);
        double[] numbers = [.. results.First(result => result.Name == name).AsEnumerable<float>().Select(number => (double)number)];
        return (numbers, results.FirstOrDefault(result => result.Name == OnnxExport.ClassName)?.AsEnumerable<long>().ToArray() ?? []);
    }

    private static NamedOnnxValue Input(Network network, Table inputs)
    {
        int[] sizes = [inputs.Rows, .. network.Input.Shape.Sizes];
        double[] numbers = inputs.ToArray();
        return network.Input.IsTokens
            ? NamedOnnxValue.CreateFromTensor(
                OnnxExport.InputName, new DenseTensor<long>(Array.ConvertAll(numbers, number => (long)number), sizes))
            : NamedOnnxValue.CreateFromTensor(
                OnnxExport.InputName, new DenseTensor<float>(Array.ConvertAll(numbers, number => (float)number), sizes));
    }
}
