using System.Text.RegularExpressions;
using Hypergrad.Data;
using Hypergrad.Hypergradients;
using Hypergrad.Hyperparameters;
using Hypergrad.Networks;
using Hypergrad.Runs;

namespace Hypergrad.Tests;

/// <summary>The sample that README.md shows: it compiles, runs, and is the one below.</summary>
[TestFixture]
public sealed class ReadmeSampleTests
{
    [Test]
    public void Sample_GivesAHypergradientReversedToTheBit()
    {
        // README sample begins
        var data = Digits.Generate(2_000).Split(train: 0.5, validation: 0.25, test: 0.25);
        var model = new Mlp([784, 50, 50, 50, 10], Activation.Tanh);
        var run = new TrainingRun(model, data.Train, new HyperparameterSet
        {
            LearningRate = Schedule.PerStep(steps: 100, Sharing.Tensor, initial: 0.1),
            Momentum = Schedule.PerStep(steps: 100, Sharing.Tensor, initial: 0.5),
            InitialScale = Scale.Per(Sharing.Tensor, initial: 0.05),
            L2 = Penalty.Per(Sharing.Weight, initial: 1e-6),
        });
        Hypergradient gradient = Hypergradient.Exact(run, data.Validation);
        Console.WriteLine($"validation loss {gradient.ValidationLoss:F4}, {gradient.Coordinates.Length} hypergradients, reversed to the bit: {gradient.Reversal!.Exact}");
        // README sample ends
        using (Assert.EnterMultipleScope())
        {
            Assert.That(gradient.Reversal.Exact, Is.True);
            Assert.That(gradient.Coordinates, Has.Length.EqualTo(2 * 100 * 8 + 8 + model.ParameterCount).And.Some.Not.Zero);
            Assert.That(gradient.Coordinates.All(double.IsFinite), Is.True);
            Assert.That(gradient.ValidationLoss, Is.InRange(0, Math.Log(10)));
        }
    }

    [Test]
    public void Readme_ShowsThisSample()
    {
        string source = File.ReadAllText(SourceTree.File("tests", "Hypergrad.Tests", "ReadmeSampleTests.cs"));
        string readme = SourceTree.File("README.md");
        if (!File.Exists(readme))
            Assert.Ignore($"{readme} is not there; this test compares it.");
        var shown = Regex.Match(File.ReadAllText(readme), "```csharp\\s*\n(.*?)```", RegexOptions.Singleline);
        Assert.That(shown.Success, Is.True, "README.md shows no C#");
        string sample = Regex.Match(source, "// README sample begins(.*?)// README sample ends", RegexOptions.Singleline).Groups[1].Value;
        string[] usings = [.. Regex.Matches(shown.Groups[1].Value, "^using [A-Za-z.]+;", RegexOptions.Multiline).Select(match => match.Value)];
        Assert.That(usings, Is.SubsetOf(Regex.Matches(source, "^using [A-Za-z.]+;", RegexOptions.Multiline).Select(match => match.Value)));
        Assert.That(Words(Regex.Replace(shown.Groups[1].Value, "^using [A-Za-z.]+;", "", RegexOptions.Multiline)), Is.EqualTo(Words(sample)));
    }

    private static string Words(string text) => Regex.Replace(text, "\\s+", " ").Trim();
}
