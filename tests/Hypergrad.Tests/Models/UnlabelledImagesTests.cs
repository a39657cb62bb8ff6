using Hypergrad.Models;

namespace Hypergrad.Tests.Models;

[TestFixture]
public sealed class UnlabelledImagesTests
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public void IdxFileOfImages_NeedsNoLabels_AndLabelsAreNoImages()
    {
        string images = folder.Write("images", [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0, 51, 102, 255]);
        Close.AssertWithin(UnlabelledImages.Read(images).ToArray(), [0, 0.2, 0.4, 1], 1e-7, "inputs");
        string labels = folder.Write("labels", [0, 0, 8, 1, 0, 0, 0, 1, 5]);
        Refusals.Data(() => UnlabelledImages.Read(labels),
            $"{labels}: images have 2 dimensions or more, [count × height × width]; this file has 1, as labels have.");
    }

    [Test]
    public void IdxFiles_AreToldFromOthers()
    {
        byte[] images = [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 7];
        Assert.That(UnlabelledImages.AreIn(folder.Write("images", images)), Is.True);
        Assert.That(UnlabelledImages.AreIn(folder.Write("images.gz", TemporaryFolder.Gzip(images))), Is.True);
        Assert.That(UnlabelledImages.AreIn(folder.Write("x.csv", "0,0\n")), Is.False);
    }
}
