using System.Xml.Linq;
using Hypergrad.Hypergradients;
using Hypergrad.Hyperparameters;
using Hypergrad.Interactive;
using Hypergrad.MetaOptimization;
using Hypergrad.Networks;
using Hypergrad.Tests.MetaOptimization;
using Microsoft.DotNet.Interactive.Formatting;

namespace Hypergrad.Tests.Interactive;

/// <summary>What a notebook shows of the library's objects.</summary>
[TestFixture]
public sealed class NotebookFormatterTests
{
    [OneTimeSetUp]
    public void Register()
    {
        NotebookFormatters.Register();
        NotebookFormatters.Register();
    }

    [OneTimeTearDown]
    public void Forget() => Formatter.ResetToDefault();

    [Test]
    public void Network_IsATableOfItsLayers_WithShapesAndCounts()
    {
        var network = new Network([8, 8, 1], new Convolution(4, 3, 1, Activation.Relu), new MaxPool(2),
            new Residual(new Convolution(4, 3, 1)), new GlobalAveragePool(), new Dense(10));
        string[][] rows = Rows(network);
        Assert.That(rows.Select(row => row[1]), Is.EqualTo(network.Layers.Select(layer => layer.ToString())));
        Assert.That(rows.Select(row => row[2]), Is.EqualTo(new[] { "8×8×4", "4×4×4", "4×4×4", "4", "10" }));
        Assert.That(rows.Select(row => row[3]), Is.EqualTo(new[] { "40", "0", "148", "0", "50" }));
        Assert.That(Table(network).Element("caption")!.Value, Does.EndWith("238 weights"));
        Assert.That(network.Summary.Sum(layer => layer.ParameterCount), Is.EqualTo(network.ParameterCount));
    }

    [Test]
    public void TrainingRun_IsATableOfItsHyperparameters()
    {
        string[][] rows = Rows(SmallTuning.Run());
        Assert.That(rows, Is.EqualTo(new[]
        {
            new[] { "learning rate", "20", "0.3", "0.3", "yes" },
            ["momentum", "1", "0.5", "0.5", "yes"],
            ["initial scale", "2", "0.1", "0.1", "yes"],
        }));
        Assert.That(Table(SmallTuning.Run()).Element("caption")!.Value,
            Is.EqualTo("784-4-10, 5 steps, seed 1, batches of 20, optimizer momentum"));
    }

    [Test]
    public void Hypergradient_IsATableOfItsParts()
    {
        var gradient = Hypergradient.Exact(SmallTuning.Run(), SmallTuning.Digits.Validation);
        string[][] rows = Rows(gradient);
        double[] ofRates = gradient.Coordinates[..20];
        Assert.That(rows.Select(row => (row[0], row[1])),
            Is.EqualTo(new[] { ("learning rate", "20"), ("momentum", "1"), ("initial scale", "2") }));
        Assert.That(rows[0][2], Is.EqualTo(HtmlTable.Number(Math.Sqrt(ofRates.Sum(g => g * g)))));
        int largest = Enumerable.Range(0, 20).MaxBy(i => Math.Abs(ofRates[i]));
        Assert.That((rows[0][3], rows[0][4]), Is.EqualTo((HtmlTable.Number(ofRates[largest]),
            gradient.Tuned[0].Hyperparameter.NameOf(largest, gradient.Run.Network))));
    }

    [Test]
    public void HypergradientOfARawRun_IsATableOfQuantities()
    {
        var raw = new Hypergrad.Runs.TrainingRun(SmallTuning.Run().Lower());
        var gradient = Hypergradient.Exact(
            raw, SmallTuning.Digits.Validation, new() { Quantities = [Quantity.Momentum, Quantity.LearningRate] });
        Assert.That(Rows(gradient).Select(row => row[0]), Is.EqualTo(new[] { "learning rate", "momentum" }));
        Assert.That(Rows(raw), Is.Empty);
    }

    [Test]
    public void TuningResult_ShowsBeforeAndAfter_AndTheCourse_WithGapsWhereItDiverged()
    {
        var result = SmallTuning.Tuning(SmallTuning.Options(metaSteps: 6) with { MetaOptimizer = new SignDescent(10) }).Run();
        string[][] rows = Rows(result);
        Assert.That(rows.Select(row => row[0]), Is.EqualTo(new[] { "before", "after" }));
        Assert.That(rows[1][3], Is.EqualTo(result.After.Validation.ToString()));
        var course = Html(result).Element("svg")!;
        int drawn = course.Elements("polyline").Sum(line => line.Attribute("points")!.Value.Split(' ').Length);
        Assert.That(drawn, Is.EqualTo(result.Records.Count(record => double.IsFinite(record.Validation.Mean))));
        Assert.That(drawn, Is.LessThan(result.Records.Count));
        Assert.That(course.Element("title")!.Value, Does.StartWith("Validation loss by meta-step, from "));
    }

    [Test]
    public void AsText_EachIsALine()
    {
        var result = SmallTuning.Tuning(SmallTuning.Options(metaSteps: 1)).Run();
        var gradient = Hypergradient.Exact(SmallTuning.Run(), SmallTuning.Digits.Validation);
        Assert.That(result.ToDisplayString("text/plain"), Does.Match("^validation loss [0-9.]+ → [0-9.]+ in 1 meta-steps, [0-9.]+ s$"));
        Assert.That(gradient.ToDisplayString("text/plain"),
            Does.Match("^validation loss [0-9.]+, 23 hypergradients by the reversible method, reversed to the bit: True$"));
        Assert.That(SmallTuning.Network.ToDisplayString("text/plain"), Is.EqualTo("784-4-10"));
        Assert.That(SmallTuning.Run().ToDisplayString("text/plain"), Is.EqualTo("784-4-10, 5 steps of 20 examples, seed 1"));
    }

    [Test]
    public void Html_IsWhatIsShownUnlessToldOtherwise() => Assert.That(
        Formatter.GetPreferredMimeTypesFor(typeof(Hypergradient)), Is.EqualTo(new[] { "text/html" }));

    [Test]
    public void WhatIsWritten_IsEncoded() => Assert.That(
        new HtmlTable("a < b", "<head>").Row("<cell> & more").ToString(),
        Does.Contain("a &lt; b").And.Contain("&lt;head&gt;").And.Contain("&lt;cell&gt; &amp; more").And.Not.Contain("<cell>"));

    private static string[][] Rows(object shown) => [.. Table(shown).Element("tbody")!.Elements("tr")
        .Select(row => row.Elements("td").Select(cell => cell.Value).ToArray())];

    private static XElement Table(object shown) => Html(shown).Element("table")!;

    // What is made is well-formed, whatever is in it.
    private static XElement Html(object shown) => XElement.Parse($"<div>{shown.ToDisplayString("text/html")}</div>");
}
