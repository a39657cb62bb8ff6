using Hypergrad.Data;

namespace Hypergrad.Tests.Data;

[TestFixture]
public sealed class NumpyReaderTests
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public void Archive_HasInputsAndClasses()
    {
        var data = NumpyReader.ReadArchive(folder.Write("small.npz", NpyBytes.Small()));
        Assert.That(data.Inputs.ToArray(), Is.EqualTo(new double[] { 1, 2, 3, 4, 5, 6 }));
        Assert.That(data.Targets.ToArray(), Is.EqualTo(new double[] { 0, 1, 1, 0, 0, 1 }));
        Assert.That((data.ClassNames!.Count, data.ImageWidth, data.Inputs.IsDouble), Is.EqualTo((2, (int?)null, false)));
    }

    [Test]
    public void Pictures_OfBytesInColour_AreScaled()
    {
        var data = NumpyReader.ReadArchive(folder.Write("p.npz", NpyBytes.Archive(
            ("images.npy", NpyBytes.File<byte>("|u1", "(2, 1, 2, 3)", 0, 255, 51, 1, 2, 3, 4, 5, 6, 7, 8, 9)),
            ("labels.npy", NpyBytes.File<byte>("|u1", "(2,)", 0, 1)))));
        Assert.That((data.ImageWidth, data.ImageHeight, data.ImageChannels), Is.EqualTo(((int?)2, (int?)1, 3)));
        Assert.That(data.Inputs[0, 2], Is.EqualTo(0.2).Within(1e-7));
    }

    [Test]
    public void Regression_HasNumbersInDoublePrecision_InEitherOrder()
    {
        var inputs = NpyBytes.File("{'descr': '<f8', 'fortran_order': True, 'shape': (2, 3), }", Bytes(1, 4, 2, 5, 3, 6));
        var data = NumpyReader.Read(folder.Write("x.npy", inputs), folder.Write("y.npy", NpyBytes.File<double>("<f8", "(2,)", 0.25, 7.5)));
        Assert.That(data.Inputs.ToArray(), Is.EqualTo(new double[] { 1, 2, 3, 4, 5, 6 }));
        Assert.That((data.Targets.ToArray(), data.ClassNames, data.Inputs.IsDouble), Is.EqualTo((new[] { 0.25, 7.5 }, (IReadOnlyList<string>?)null, true)));
    }

    [TestCase("|b1", new byte[] { 1 }, 1)]
    [TestCase("|i1", new byte[] { 0xFF }, -1)]
    [TestCase("<i2", new byte[] { 0xFE, 0xFF }, -2)]
    [TestCase(">i2", new byte[] { 0xFF, 0xFE }, -2)]
    [TestCase(">i4", new byte[] { 0, 0, 1, 0 }, 256)]
    [TestCase("<u8", new byte[] { 5, 0, 0, 0, 0, 0, 0, 0 }, 5)]
    [TestCase(">u2", new byte[] { 1, 1 }, 257)]
    [TestCase("<f2", new byte[] { 0, 0x3C }, 1)]
    [TestCase(">f4", new byte[] { 0x3F, 0x80, 0, 0 }, 1)]
    [TestCase(">f8", new byte[] { 0x3F, 0xF0, 0, 0, 0, 0, 0, 0 }, 1)]
    public void EveryType_IsRead(string type, byte[] bytes, double value) => Assert.That(
        NpyArray.Read(
            "a", new MemoryStream(NpyBytes.File($"{{'descr': '{type}', 'fortran_order': False, 'shape': (1,), }}", bytes))).ToDouble(), Is.EqualTo(new[] { value }));

    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }", ": truncated: the header says 2 × 2 elements of 4 bytes, 16 bytes in all; there are 8.")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", ": too long: the header says 1 elements")]
    [TestCase("{'descr': '|O', 'fortran_order': False, 'shape': (2,), }", ": the elements are no plain numbers")]
    [TestCase("{'descr': '<U8', 'fortran_order': False, 'shape': (2,), }", ": the elements are no plain numbers")]
    [TestCase("{'descr': '<f1', 'fortran_order': False, 'shape': (8,), }", ": the elements are no plain numbers")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (), }", ": the array has 0 dimensions")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (0, 2), }", ": every size must be from 1 to 2147483647.")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (99999, 99999, 99999, 99999), }", "at most 2147483591 bytes can be read.")]
    [TestCase("{'descr': '<f4', 'shape': (2,), }", "does not say type, order and shape")]
    public void BadHeader_IsRefused(string dictionary, string message)
    {
        string path = folder.Write("x.npy", NpyBytes.File(dictionary, new byte[8]));
        var error = Assert.Throws<DataException>(() => NumpyReader.Read(path, path));
        Assert.That(error.Message, Does.StartWith(path).And.Contain(message));
    }

    [Test]
    public void WhatDoesNotFit_IsRefused()
    {
        byte[] x = NpyBytes.File<float>("<f4", "(3, 1)", 1, 2, 3), two = NpyBytes.File<int>("<i4", "(2,)", 0, 1);
        Refused(NpyBytes.Archive(("x.npy", x), ("z.npy", two)), "there is no array of labels: it is called y, y_train, targets, labels, target, arr_1. "
            + "The archive has x.npy, z.npy.");
        Refused(NpyBytes.Archive(("x.npy", x), ("y.npy", two)), "has 3 examples and");
        Refused(NpyBytes.Archive(("x.npy", x), ("y.npy", NpyBytes.File<int>("<i4", "(3,)", 0, -1, 1))), "the labels go from -1 to 1");
        Refused(NpyBytes.Archive(("x.npy", x), ("y.npy", NpyBytes.File<int>("<i4", "(3,)", 0, 0, 0))), "every label is 0");
        Refused(NpyBytes.Archive(("x.npy", NpyBytes.File<float>("<f4", "(1,)", float.NaN)), ("y.npy", NpyBytes.File<float>("<f4", "(1,)", 1))), "every number must be finite");
        Refused([.. "PK, but no archive"u8], "this is no NPZ archive, or it is damaged");
    }

    private void Refused(byte[] archive, string message)
    {
        string path = folder.Write("a.npz", archive);
        var error = Assert.Throws<DataException>(() => NumpyReader.ReadArchive(path));
        Assert.That(error.Message, Does.StartWith(path).And.Contain(message));
    }

    private static byte[] Bytes(params double[] values) => [.. values.SelectMany(BitConverter.GetBytes)];
}
