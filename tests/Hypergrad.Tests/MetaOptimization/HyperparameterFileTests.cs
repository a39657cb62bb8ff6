using System.Text.Json.Nodes;
using Hypergrad.Hyperparameters;
using Hypergrad.MetaOptimization;
using Hypergrad.Networks;
using Hypergrad.Optimizers;
using Hypergrad.Runs;

namespace Hypergrad.Tests.MetaOptimization;

[TestFixture]
public sealed class HyperparameterFileTests
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public void SetWithEverythingInIt_ComesBackToTheBit()
    {
        // Thirds and sevenths have no short decimals.
        var set = Moved(new HyperparameterSet
        {
            Optimizer = new Momentum
            {
                LearningRate = Schedule.PerStep(5, Sharing.Unit, 1.0 / 3),
                Coefficient = Schedule.Constant(5, Sharing.Layer, 0.9).Fixed(),
            },
            InitialScale = Scale.Per(Sharing.Tensor, 1.0 / 7),
            L2 = Penalty.Per(Sharing.Weight, 1e-6 / 3),
            L1 = Penalty.Per(Sharing.Input, 5e-324),
            TrainingInputs = TrainingInputs.Of([7, 3]),
            Targets = SoftTargets.All(),
            ExampleWeights = ExampleWeights.Of([0, 59, 30]),
        });
        var back = HyperparameterFile.Read(Write(set), SmallTuning.Network);
        using (Assert.EnterMultipleScope())
        {
            Same(back[Quantity.LearningRate]!, set[Quantity.LearningRate]!);
            Same(back[Quantity.Momentum]!, set[Quantity.Momentum]!);
            Same(back.InitialScale, set.InitialScale);
            Same(back.L2, set.L2);
            Same(back.L1, set.L1);
            Same(back.TrainingInputs, set.TrainingInputs);
            Same(back.Targets, set.Targets);
            Same(back.ExampleWeights, set.ExampleWeights);
            var (rates, momenta) = ((Schedule)back[Quantity.LearningRate]!, (Schedule)back[Quantity.Momentum]!);
            Assert.That((rates.Steps, rates.Sharing, rates.Form), Is.EqualTo(((int?)5, Sharing.Unit, ScheduleForm.PerStep)));
            Assert.That((momenta.Steps, momenta.Sharing, momenta.Form), Is.EqualTo(((int?)5, Sharing.Layer, ScheduleForm.Constant)));
            Assert.That((back.InitialScale.Sharing, back.L2!.Sharing, back.L1!.Sharing),
                Is.EqualTo((Sharing.Tensor, Sharing.Weight, Sharing.Input)));
            Assert.That(back.TrainingInputs!.Examples, Is.EqualTo(new[] { 7, 3 }));
            Assert.That(back.Targets!.Examples, Is.Null);
            Assert.That(back.ExampleWeights!.Examples, Is.EqualTo(new[] { 0, 59, 30 }));
        }
    }

    [TestCase(ExampleWeightForm.Positive, "positive")]
    [TestCase(ExampleWeightForm.Bounded, "bounded")]
    [TestCase(ExampleWeightForm.MeanOne, "meanOne")]
    public void ExampleWeights_KeepTheirForm(ExampleWeightForm form, string spelling)
    {
        var weights = form switch
        {
            ExampleWeightForm.Bounded => ExampleWeights.Of([4, 2], 0.25).Bounded(),
            ExampleWeightForm.MeanOne => ExampleWeights.Of([4, 2]).MeanOne(),
            _ => ExampleWeights.Of([4, 2]),
        };
        var set = SmallTuning.Run(SmallTuning.Hyperparameters() with { ExampleWeights = weights }).Hyperparameters!;
        string path = Write(set);
        Assert.That(File.ReadAllText(path), Does.Contain($"\"form\": \"{spelling}\""));
        var back = HyperparameterFile.Read(path, SmallTuning.Network);
        Assert.That(back.ExampleWeights!.Form, Is.EqualTo(form));
        Same(back.ExampleWeights, set.ExampleWeights);
    }

    [Test]
    public void AdamW_WithEveryFormOfSchedule_ComesBackToTheBit()
    {
        var set = Moved(new HyperparameterSet
        {
            Optimizer = new AdamW
            {
                LearningRate = Schedule.PiecewiseLinear(9, 4, Sharing.Tensor, 1.0 / 300),
                Beta1 = Schedule.PiecewiseConstant(9, 2, Sharing.Unit, 0.9),
                Beta2 = Schedule.PerStep(9, Sharing.Layer, 0.99),
                Epsilon = Schedule.Constant(Sharing.All, 1e-8 / 3).Fixed(),
                WeightDecay = Schedule.Constant(9, Sharing.Layer, 0.01),
            },
            InitialScale = Scale.PerFanIn(Sharing.Layer, 1.0 / 7),
        });
        var back = HyperparameterFile.Read(Write(set), SmallTuning.Network);
        Assert.That(back.Optimizer, Is.TypeOf<AdamW>());
        Assert.That(back.Stated.Select(entry => entry.Quantity), Is.EqualTo(set.Stated.Select(entry => entry.Quantity)));
        foreach (var (quantity, hyperparameter) in set.Stated)
        {
            Same(back[quantity], hyperparameter);
            if (hyperparameter is Schedule expected && back[quantity] is Schedule actual)
                Assert.That((actual.Steps, actual.Form, actual.Knots, actual.Sharing),
                    Is.EqualTo((expected.Steps, expected.Form, expected.Knots, expected.Sharing)), quantity.Name);
        }
        Assert.That((back.InitialScale.Sharing, back.InitialScale.IsRelativeToFanIn), Is.EqualTo((Sharing.Layer, true)));
    }

    [TestCase(null)]
    [TestCase(0.0)]
    [TestCase(1.0 / 3)]
    public void Dampening_ComesBackToTheBit(double? dampening)
    {
        Schedule rate = Schedule.PerStep(5, Sharing.All, 0.1), momentum = Schedule.Constant(Sharing.All, 0.5);
        foreach (VelocityOptimizer optimizer in (VelocityOptimizer[])
            [new Momentum { LearningRate = rate, Coefficient = momentum }, new Nesterov { LearningRate = rate, Coefficient = momentum }])
        {
            var back = HyperparameterFile.Read(
                Write(Moved(new HyperparameterSet { Optimizer = optimizer.WithDampening(dampening) })), SmallTuning.Network);
            Assert.That(back.Optimizer, Is.TypeOf(optimizer.GetType()).And.Property("Dampening").EqualTo(dampening));
        }
    }

    [Test]
    public void SetWithLittleInIt_ComesBackWithoutTheRest()
    {
        var back = HyperparameterFile.Read(Write(SmallTuning.Run().Hyperparameters!), SmallTuning.Network);
        Assert.That(new object?[] { back.L2, back.L1, back.TrainingInputs, back.Targets, back.ExampleWeights }, Is.All.Null);
    }

    [Test]
    public void OtherNetwork_IsRefused() => Assert.That(
        () => HyperparameterFile.Read(Write(SmallTuning.Run().Hyperparameters!), Network.Mlp([784, 5, 10])),
        Throws.TypeOf<DataException>().With.Message.Contains(
            "$.network: these hyperparameters are of the network 784-4-10, and this one is 784-5-10."));

    private static readonly TestCaseData[] Refusals =
    [
        Refusal("$.format is \"something else\", not \"hypergrad hyperparameters 2\".", file => file["format"] = "something else"),
        Refusal("$: the field \"format\" is missing.", file => file.Remove("format")),
        Refusal("$: the field \"momentum\" is missing.", file => file.Remove("momentum")),
        Refusal("$: there is no field \"momentun\". Did you mean \"momentum\"?", file => file["momentun"] = 1),
        Refusal("$.learningRate: the field \"values\" is missing.", file => file["learningRate"]!.AsObject().Remove("values")),
        Refusal("$.learningRate: there is no field \"colour\".", file => file["learningRate"]!["colour"] = 1),
        Refusal("$.learningRate.values[3]: \"x\" is not a finite number.", file => file["learningRate"]!["values"]![3] = "x"),
        Refusal("$.learningRate.values: 19 numbers where there must be 20, one per step or knot and group.", file =>
            file["learningRate"]!["values"]!.AsArray().RemoveAt(0)),
        Refusal("$.learningRate.sharing: there is no \"tensors\". Did you mean \"tensor\"?", file =>
            file["learningRate"]!["sharing"] = "tensors"),
        Refusal("$.learningRate: A schedule cannot be shared by Weight; choose All, Layer, Tensor or Unit.", file =>
            file["learningRate"]!["sharing"] = "weight"),
        Refusal("$.learningRate: A schedule of 0 steps: training needs at least 1 step.", file => file["learningRate"]!["steps"] = 0),
        Refusal("$.learningRate.steps: 2.5 is not a whole number.", file => file["learningRate"]!["steps"] = 2.5),
        Refusal("$.momentum.tuned: 1 is not true or false.", file => file["momentum"]!["tuned"] = 1),
        Refusal("$.momentum.values: 2 numbers where there must be 1, one per step or knot and group.", file =>
            file["momentum"]!["values"]!.AsArray().Add(1)),
        Refusal("$.initialScale: An initial scale cannot be shared by Unit; choose All, Layer or Tensor.", file =>
            file["initialScale"]!["sharing"] = "unit"),
        Refusal("$.exampleWeights: Example weights: no training example was chosen", file =>
            file["exampleWeights"] = JsonNode.Parse("""{"examples":[],"tuned":true,"values":[]}""")),
        Refusal("$.optimizer: there is no \"momentun\". Did you mean \"momentum\"?", file => file["optimizer"] = "momentun"),
        Refusal("$: there is no field \"beta1\".", file => file["beta1"] = JsonNode.Parse("{}")),
        Refusal("$.learningRate.form: there is no \"perstep\". Did you mean \"perStep\"?", file =>
            file["learningRate"]!["form"] = "perstep"),
        Refusal("$.learningRate: the field \"knots\" is missing.", file => file["learningRate"]!["form"] = "piecewiseLinear"),
        Refusal("$.l2: 3 is not an object.", file => file["l2"] = 3),
    ];

    [TestCaseSource(nameof(Refusals))]
    public void BadFile_IsRefused_NamingTheFileAndTheJsonPath(string message, Action<JsonObject> spoil)
    {
        string path = Write(SmallTuning.Run().Hyperparameters!);
        var file = JsonNode.Parse(File.ReadAllBytes(path))!.AsObject();
        spoil(file);
        File.WriteAllText(path, file.ToJsonString());
        Assert.That(() => HyperparameterFile.Read(path, SmallTuning.Network),
            Throws.TypeOf<DataException>().With.Message.StartsWith($"{path}: {message}"));
    }

    [Test]
    public void FileThatIsNotThere_OrNotJson_OrCutShort_IsRefused()
    {
        string whole = File.ReadAllText(Write(SmallTuning.Run().Hyperparameters!));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => HyperparameterFile.Read(folder.File("none"), SmallTuning.Network),
                Throws.TypeOf<DataException>().With.Message.EndsWith("none: there is no such file."));
            foreach (string text in new[] { "", "learning rate 0.1", whole[..(whole.Length / 2)] })
                Assert.That(() => HyperparameterFile.Read(folder.Write("bad.json", text), SmallTuning.Network),
                    Throws.TypeOf<DataException>().With.Message.Contains("bad.json is not valid JSON: "));
            Assert.That(() => HyperparameterFile.Read(folder.Write("array.json", "[]"), SmallTuning.Network),
                Throws.TypeOf<DataException>().With.Message.EndsWith("$: [] is not an object."));
        }
    }

    [Test]
    public void SetThatHasMetNoNetwork_CannotBeWritten() =>
        Assert.That(() => HyperparameterFile.Write(Stream.Null, SmallTuning.Network, SmallTuning.Hyperparameters()),
            Throws.InvalidOperationException);

    private static TestCaseData Refusal(string message, Action<JsonObject> spoil) =>
        new TestCaseData(message, spoil).SetArgDisplayNames(message);

    // Values such as a tuning leaves: each one different.
    private static HyperparameterSet Moved(HyperparameterSet set)
    {
        var met = set.For(SmallTuning.Network, SmallTuning.Digits.Train);
        double[] vector = met.ToVector(SmallTuning.Network);
        for (int i = 0; i < vector.Length; i++)
            vector[i] += Math.Sin(i) / 3;
        return met.WithVector(SmallTuning.Network, vector);
    }

    private static void Same(Hyperparameter? actual, Hyperparameter? expected)
    {
        Assert.That(actual, Is.Not.Null.And.TypeOf(expected!.GetType()));
        Assert.That(actual!.IsTuned, Is.EqualTo(expected.IsTuned));
        Assert.That(actual.Values!.Select(BitConverter.DoubleToInt64Bits),
            Is.EqualTo(expected.Values!.Select(BitConverter.DoubleToInt64Bits)));
    }

    private string Write(HyperparameterSet set)
    {
        using var stream = new MemoryStream();
        HyperparameterFile.Write(stream, SmallTuning.Network, set);
        return folder.Write("hyperparameters.json", stream.ToArray());
    }
}
