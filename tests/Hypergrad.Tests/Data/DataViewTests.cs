using System.Numerics.Tensors;
using Hypergrad.Data;
using Hypergrad.DataView;

namespace Hypergrad.Tests.Data;

[TestFixture]
public sealed class DataViewTests
{
    private static readonly Dataset Classes = new(
        new Table([1f, 2, 3, 4, 5, 6], 2), new Table([1f, 0, 0, 1, 1, 0], 2))
    { ClassNames = ["ant", "bee"] };

    private static readonly Dataset Numbers = new(new Table([1f, 2, 3, 4, 5, 6], 2), new Table([0.5f, 1.25f, -7], 1));

    [Test]
    public void Classification_GoesThereAndBack()
    {
        var back = DataViewTable.Read(new DatasetView(Classes));
        Assert.That(back.Inputs.ToArray(), Is.EqualTo(Classes.Inputs.ToArray()));
        Assert.That(back.Targets.ToArray(), Is.EqualTo(Classes.Targets.ToArray()));
        Assert.That(back.ClassNames, Is.EqualTo(Classes.ClassNames));
    }

    [Test]
    public void Regression_GoesThereAndBack()
    {
        var view = new DatasetView(Numbers);
        Assert.That((view.GetRowCount(), view.CanShuffle), Is.EqualTo(((long?)3, false)));
        Assert.That(view.GetRowCursorSet(view.Schema, 4), Has.Length.EqualTo(1));
        Assert.That(DataViewTable.Read(view).Targets.ToArray(), Is.EqualTo(Numbers.Targets.ToArray()));
    }

    [Test]
    public void SeveralTargets_AreAVector() => Assert.That(
        DataViewTable.Read(new DatasetView(new(Numbers.Inputs, Numbers.Inputs)), new() { TargetColumns = ["Label.0", "Label.1"] }).Targets.ToArray(),
        Is.EqualTo(Numbers.Inputs.ToArray()));

    [Test]
    public void NewView_IsEncodedTheSame()
    {
        var options = new TableOptions { InputColumns = ["Features.1"] };
        var encoding = DataEncoding.Learn(DataViewTable.ReadTable(new DatasetView(Classes), options), options);
        Assert.That(encoding.ApplyToInputs(DataViewTable.ReadTable(new DatasetView(Numbers), encoding, hasTargets: false)).ToArray(),
            Is.EqualTo(new double[] { 2, 4, 6 }));
    }

    [Test]
    public void WhatIsNotThere_IsRefused()
    {
        Refusals.Data(() => DataViewTable.Read(new DatasetView(Numbers), new() { TargetColumns = ["label"] }),
            "the data view: there is no column \"label\". Did you mean \"Label\"? The columns are Features.0, Features.1, Label.");
        var cursor = new DatasetView(Numbers).GetRowCursor([]);
        Assert.That(() => cursor.GetGetter<double>(cursor.Schema[1]), Throws.ArgumentException);
        Assert.That(cursor.IsColumnActive(cursor.Schema[0]), Is.False);
    }

    [Test]
    public void Tensors_AreDatasets_AndTablesTensors()
    {
        var pictures = Tensor.Create(Enumerable.Range(0, 24).Select(i => (float)i).ToArray(), [2, 2, 2, 3]);
        var labels = Tensor.Create(new float[] { 1, 0, 0, 1 }, [2, 2]);
        var data = Tensors.ToDataset(pictures, labels, ["a", "b"]);
        Assert.That((data.Count, data.ImageWidth, data.ImageHeight, data.ImageChannels), Is.EqualTo((2, (int?)2, (int?)2, 3)));
        Assert.That(data.Inputs[1, 11], Is.EqualTo(23));
        var back = Tensors.ToTensor(data.Inputs);
        Assert.That((back.Lengths[0], back.Lengths[1], back[1, 11]), Is.EqualTo(((nint)2, (nint)12, 23f)));
        Assert.That(Tensors.ToDataset(labels, Tensor.Create(new float[] { 3, 4 }, [2])).ClassNames, Is.Null);
    }

    [Test]
    public void TensorsThatDoNotFit_AreRefused()
    {
        var labels = Tensor.Create(new float[] { 1, 0, 0, 1 }, [2, 2]);
        Refusals.Data(() => Tensors.ToDataset(labels, labels, ["a"]), "1 names of classes, a, and 2 targets: there must be as many.");
        Refusals.Data(() => Tensors.ToDataset(labels, Tensor.Create(new float[] { 1 }, [1])), "2 inputs and 1 targets: there must be one target per input.");
        Refusals.Data(() => Tensors.ToTable(Tensor.Create(Array.Empty<float>(), [0, 2])), "The tensor of numbers is empty; it needs at least one row.");
    }
}
