using Hypergrad.Data;

namespace Hypergrad.Tests.Data;

[TestFixture]
public sealed class IdxFolderTests
{
    private static readonly byte[] OtherLabels = IdxBytes.File(8, [3], 4, 4, 4);
    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [TestCase("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")]
    [TestCase("t10k-images.idx3-ubyte", "t10k-labels.idx1-ubyte.gz")]
    [TestCase("images-idx3-ubyte", "labels-idx1-ubyte")]
    public void OnePair_IsFoundWhateverItsPrefix(string images, string labels)
    {
        folder.Write(images, IdxBytes.Images());
        folder.Write(labels, IdxBytes.Labels());
        folder.Write("README.md", "not data");
        Assert.That(IdxReader.ReadDirectory(folder.Path).TargetSize, Is.EqualTo(3));
    }

    [Test]
    public void TrainingAndTestPair_GiveTheTrainingPairUnlessTheOtherIsNamed()
    {
        WritePair("train", IdxBytes.Labels());
        WritePair("t10k", OtherLabels);
        Assert.That(IdxReader.ReadDirectory(folder.Path).TargetSize, Is.EqualTo(3));
        Assert.That(IdxReader.ReadDirectory(folder.Path, "t10k").TargetSize, Is.EqualTo(5));
        Assert.That(IdxReader.FindPairs(folder.Path).Select(pair => pair.Prefix), Is.EqualTo(new[] { "t10k", "train" }));
    }

    [Test]
    public void PlainFile_IsTakenBeforeThePackedOneBesideIt()
    {
        WritePair("train", IdxBytes.Labels());
        folder.Write("train-labels-idx1-ubyte.gz", TemporaryFolder.Gzip(OtherLabels));
        Assert.That(IdxReader.ReadDirectory(folder.Path).TargetSize, Is.EqualTo(3));
    }

    [Test]
    public void SeveralPairsWithoutOneForTraining_AreRefusedByName()
    {
        WritePair("emnist-digits-train", IdxBytes.Labels());
        WritePair("emnist-letters-train", IdxBytes.Labels());
        AssertRefused(null, "there are 2 pairs of images and labels; say which is meant by its prefix: \"emnist-digits-train\", "
            + "\"emnist-letters-train\".");
    }

    [Test]
    public void UnknownPrefix_IsRefusedWithTheOnesThereAre()
    {
        WritePair("train", IdxBytes.Labels());
        AssertRefused("test", "there are no images with the prefix \"test\"; there are \"train\".");
    }

    [Test]
    public void ImagesWithoutLabels_SayWhichFileIsMissing()
    {
        folder.Write("train-images-idx3-ubyte.gz", IdxBytes.Images());
        folder.Write("t10k-labels-idx1-ubyte", IdxBytes.Labels());
        AssertRefused(null, "train-images-idx3-ubyte.gz has no labels: there should be a file train-labels-idx1-ubyte or "
            + "train-labels-idx1-ubyte.gz");
    }

    [Test]
    public void FolderWithoutImages_SaysWhatItHolds()
    {
        AssertRefused(null, "no images found", "The folder holds no files.");
        folder.Write("iris.csv", "1,2,a");
        AssertRefused(null, "The folder holds iris.csv.");
    }

    [Test]
    public void MissingFolder_IsRefused() =>
        Assert.That(() => IdxReader.ReadDirectory(folder.File("nowhere")),
            Throws.TypeOf<DataException>().With.Message.EndsWith("nowhere: there is no such folder."));

    private void WritePair(string prefix, byte[] labels)
    {
        folder.Write($"{prefix}-images-idx3-ubyte", IdxBytes.Images());
        folder.Write($"{prefix}-labels-idx1-ubyte", labels);
    }

    private void AssertRefused(string? prefix, params string[] parts)
    {
        var error = Assert.Throws<DataException>(() => IdxReader.ReadDirectory(folder.Path, prefix));
        Assert.That(error.Message, Does.StartWith(folder.Path));
        foreach (string part in parts)
            Assert.That(error.Message, Does.Contain(part));
    }
}
