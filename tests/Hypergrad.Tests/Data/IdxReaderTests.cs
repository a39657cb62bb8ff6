using Hypergrad.Data;

namespace Hypergrad.Tests.Data;

[TestFixture]
public sealed class IdxReaderTests
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [TestCase(false)]
    [TestCase(true)]
    public void Bytes_BecomePixelsFromZeroToOne_AndLabelsOneHot(bool compressed)
    {
        // The names claim the opposite of the content: the content decides.
        string images = folder.Write(compressed ? "images" : "images.gz", compressed ? TemporaryFolder.Gzip(IdxBytes.Images())
            : IdxBytes.Images());
        string labels = folder.Write("labels", compressed ? TemporaryFolder.Gzip(IdxBytes.Labels()) : IdxBytes.Labels());
        var data = IdxReader.Read(images, labels);
        Assert.That((data.Count, data.InputSize, data.ImageWidth, data.ImageHeight), Is.EqualTo((3, 6, (int?)3, (int?)2)));
        Assert.That(data.Inputs.IsDouble, Is.False);
        Assert.That(data.Inputs.ToArray(), Is.EqualTo(Enumerable.Range(0, 18).Select(i => (double)(float)(15 * i / 255.0))));
        Assert.That(data.Inputs[2, 5], Is.EqualTo(1.0));
        Assert.That(data.Targets.ToArray(), Is.EqualTo(new double[] { 0, 0, 1, 1, 0, 0, 0, 1, 0 }));
        Assert.That(data.ClassNames, Is.EqualTo(new[] { "0", "1", "2" }));
    }

    [TestCase(0x09, new byte[] { 0xFE, 5 }, -2.0, 5.0, false)]
    [TestCase(0x0B, new byte[] { 0x12, 0x34, 0xFF, 0xFF }, 4660.0, -1.0, false)]
    [TestCase(0x0C, new byte[] { 0x01, 0x02, 0x03, 0x05, 0xFF, 0xFF, 0xFF, 0xFD }, 16909061.0, -3.0, true)]
    [TestCase(0x0D, new byte[] { 0x3F, 0xC0, 0, 0, 0xC0, 0, 0, 0 }, 1.5, -2.0, false)]
    [TestCase(0x0E, new byte[] { 0x3F, 0xB9, 0x99, 0x99, 0x99, 0x99, 0x99, 0x9A, 0xC0, 0, 0, 0, 0, 0, 0, 0 }, 0.1, -2.0, true)]
    public void OtherElements_KeepTheirValues(int element, byte[] bytes, double first, double second, bool isDouble)
    {
        string images = folder.Write("images", IdxBytes.File((byte)element, [2, 1], bytes));
        var data = IdxReader.Read(images, folder.Write("labels", IdxBytes.File(0x0B, [2], 0, 1, 0, 0)));
        Assert.That(data.Inputs.ToArray(), Is.EqualTo(new[] { first, second }));
        Assert.That(data.Inputs.IsDouble, Is.EqualTo(isDouble));
        Assert.That(data.ImageWidth, Is.Null);
    }

    [Test]
    public void FourDimensions_AreFlattenedWithoutAWidth()
    {
        var data = IdxReader.Read(folder.Write("i", IdxBytes.File(8, [2, 1, 2, 2], 1, 2, 3, 4, 5, 6, 7, 8)),
            folder.Write("l", IdxBytes.File(8, [2], 0, 1)));
        Assert.That((data.InputSize, data.ImageWidth), Is.EqualTo((4, (int?)null)));
    }

    [Test]
    public void FolderInMnistsLayout_IsRead()
    {
        using var folder = new TemporaryFolder();
        var written = MnistFolder.Write(folder, 300);
        var data = IdxReader.ReadDirectory(folder.Path);
        Assert.That((data.Count, data.ImageWidth, data.ImageHeight), Is.EqualTo((300, (int?)28, (int?)28)));
        Close.AssertWithin(data.Inputs.ToArray(), written.Inputs.ToArray(), 1e-7, "pixels");
        Close.AssertSame(data.Targets.ToArray(), written.Targets.ToArray(), "targets");
    }

    [Test]
    public void Mnist_IsRead()
    {
        var data = IdxReader.ReadDirectory(MnistFolder.RequireReal());
        Assert.That((data.Count, data.ImageWidth, data.ImageHeight), Is.EqualTo((10_000, (int?)28, (int?)28)));
        var summary = DatasetSummary.Describe(data);
        Assert.That(summary.Classes!.Select(c => c.Count), Is.EqualTo(new[] { 980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009 }));
        Assert.That((summary.Minimum, summary.Maximum), Is.EqualTo((0.0, 1.0)));
        Assert.That(summary.Mean, Is.EqualTo(0.1325).Within(0.0001));
        Assert.That(summary.Duplicates, Is.Zero);
    }

    [Test]
    public void CountsThatDiffer_AreRefused() => AssertRefused(IdxBytes.Images(), IdxBytes.File(8, [2], 0, 1), "3 images and", "2 labels");

    [Test]
    public void SwappedFiles_AreRefused() => AssertRefused(IdxBytes.Labels(), IdxBytes.Images(), "are images and labels swapped?");

    [Test]
    public void LabelsOfTwoDimensions_AreRefused() =>
        AssertRefused(IdxBytes.Images(), IdxBytes.File(8, [3, 1], 0, 1, 2), "labels: labels have 1 dimension, [count]; this file has 2");

    [Test]
    public void NegativeLabel_IsRefused() => AssertRefused(IdxBytes.Images(), IdxBytes.File(9, [3], 0, 255, 1),
        "the label of example 1 is -1");

    [Test]
    public void AbsurdLabel_IsRefused() =>
        AssertRefused(IdxBytes.Images(), IdxBytes.File(0x0C, [3], 0, 0, 0, 1, 0x7F, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0),
            "example 1 is 2147483647; labels go from 0 to 65535");

    [Test]
    public void FloatingLabels_AreRefused() =>
        AssertRefused(IdxBytes.Images(), IdxBytes.File(0x0D, [3], new byte[12]), "labels are integers");

    [Test]
    public void SingleClass_IsRefused() => AssertRefused(IdxBytes.Images(), IdxBytes.File(8, [3], 0, 0, 0), "every label is 0");

    [Test]
    public void NotANumber_IsRefusedByFile() =>
        AssertRefused(IdxBytes.File(0x0D, [2, 1], 0, 0, 0, 0, 0x7F, 0xC0, 0, 0), IdxBytes.File(8, [2], 0, 1),
            "images: The input of example 1 holds NaN");

    private void AssertRefused(byte[] images, byte[] labels, params string[] parts)
    {
        string imagesPath = folder.Write("images", images), labelsPath = folder.Write("labels", labels);
        var error = Assert.Throws<DataException>(() => IdxReader.Read(imagesPath, labelsPath));
        foreach (string part in parts)
            Assert.That(error.Message, Does.Contain(part));
    }
}
