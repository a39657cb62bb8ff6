using Hypergrad.Data;

namespace Hypergrad.Tests.Data;

/// <summary>Whether the label column of a table holds classes or numbers, where nobody says so.</summary>
[TestFixture]
public sealed class CsvTaskTests
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [TestCase("prices", "310000 289000.5 455000 310000")]
    [TestCase("whole prices", "310000 289000 455000")]
    [TestCase("fractions", "0.5 1 0.5 1")]
    [TestCase("scientific", "1e5 2e5 4e-1")]
    public void Measurements_AreARegression(string what, string labels)
    {
        var data = Read(labels);
        Assert.That(data.ClassNames, Is.Null, what);
        Assert.That(data.Targets.ToArray(), Is.EqualTo(labels.Split(' ').Select(label =>
            (double)float.Parse(label, System.Globalization.CultureInfo.InvariantCulture))));
    }

    [TestCase("text", "cat dog cat")]
    [TestCase("text and numbers", "1.5 2.5 none")]
    [TestCase("digits", "0 1 2 3 4 5 6 7 8 9")]
    [TestCase("from 1", "3 1 2")]
    [TestCase("written with a point", "1.0 2.0 1.0 2.0")]
    [TestCase("signs", "-1 1 -1 1")]
    [TestCase("grades", "3 5 7 3 5 7")]
    public void Codes_AreClasses(string what, string labels) => Assert.That(Read(labels).ClassNames, Is.Not.Null, what);

    [Test]
    public void CodesOfManyClasses_AreClassesWhereTheyLeaveNoGap()
    {
        Assert.That(Read(string.Join(' ', Enumerable.Range(0, 200).Select(i => i % 100))).ClassNames, Has.Count.EqualTo(100));
        Assert.That(Read(string.Join(' ', Enumerable.Range(0, 200).Select(i => 10 * (i % 100)))).ClassNames, Is.Null);
    }

    [Test]
    public void DoublePrecision_KeepsEveryDigit() => Assert.That(
        Read("310000.123456789 1 2", new() { DoublePrecision = true }).Targets[0, 0], Is.EqualTo(310000.123456789));

    [Test]
    public void WhatIsSaid_Holds()
    {
        Assert.That(Read("0 1 0 1", new() { Task = LearningTask.Regression }).ClassNames, Is.Null);
        Assert.That(Read("310000.5 289000 310000.5", new() { Task = LearningTask.Classification }).ClassNames, Has.Count.EqualTo(2));
        Assert.That(CsvReader.Read(folder.Write("two.csv", "1,2,3\n4,5,6\n"), new() { TargetColumns = ["0", "1"] }).ClassNames, Is.Null);
    }

    private Dataset Read(string labels, CsvOptions? options = null) => CsvReader.Read(
        folder.Write("file.csv", string.Concat(labels.Split(' ').Select((label, i) => $"{i},{label}\n"))),
            (options ?? new()) with { HasHeader = false });
}
