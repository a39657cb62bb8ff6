using Hypergrad.Data;

namespace Hypergrad.Tests.Data;

[TestFixture]
public sealed class ImageFolderReaderTests
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public void Folders_AreClasses_WhichTakeTurns()
    {
        Pictures.WriteFolder(folder, width: 4, height: 2);
        folder.Write("cats/readme.txt", "no picture");
        var data = ImageFolderReader.Read(folder.Path, new() { Colours = ImageColours.Grey });
        Assert.That(data.ClassNames, Is.EqualTo(new[] { "cats", "dogs" }));
        Assert.That((data.Count, data.ImageWidth, data.ImageHeight, data.ImageChannels), Is.EqualTo((6, (int?)4, (int?)2, 1)));
        Assert.That(Enumerable.Range(0, 6).Select(example => data.Targets[example, 0]), Is.EqualTo(new double[] { 1, 0, 1, 0, 1, 0 }));
        Assert.That(data.Inputs[2, 0], Is.EqualTo(201 / 255.0).Within(1e-6));
        Assert.That(data.Inputs[0, 0], Is.EqualTo(200 / 255.0).Within(0.02), "a JPEG picture");
    }

    [Test]
    public void Colours_AreReadWhereAnyPictureHasThem()
    {
        Write("a/1.png", Pictures.Png(1, 1, 255, 51, 0));
        Write("b/1.png", Pictures.Png(1, 1, 102));
        Assert.That(ImageFolderReader.Read(folder.Path).Inputs.ToArray(), Is.EqualTo(new[] { 1, 0.2, 0, 0.4, 0.4, 0.4 }).Within(1e-6));
        Assert.That(ImageFolderReader.Read(folder.Path, new() { Colours = ImageColours.Grey }).InputSize, Is.EqualTo(1));
        Write("a/1.png", Pictures.Png(1, 1, 51));
        Assert.That(ImageFolderReader.Read(folder.Path).ImageChannels, Is.EqualTo(1));
        Assert.That(ImageFolderReader.Read(folder.Path, new() { Colours = ImageColours.Rgb }).InputSize, Is.EqualTo(3));
    }

    [Test]
    public void Resizing_TakesMeansOfAreas_AndInterpolates()
    {
        Write("a/1.png", Pictures.Grey(4, 0, 40, 80, 120, 40, 80, 120, 160));
        Write("b/1.png", Pictures.Grey(1, 100));
        var smaller = ImageFolderReader.Read(folder.Path, new() { Height = 1, Width = 2 });
        Assert.That(smaller.Inputs.ToArray(), Is.EqualTo(new[] { 40 / 255.0, 120 / 255.0, 100 / 255.0, 100 / 255.0 }).Within(1e-6));
        var uneven = ImageFolderReader.Read(folder.Path, new() { Height = 1, Width = 3 });
        // Pixels of 4/3 each: (0 + 40/3)·¾ and so on, over two rows 40 apart.
        Assert.That(uneven.Inputs[0, 0], Is.EqualTo((0 + 40 / 3.0) * 0.75 / 255 + 20 / 255.0).Within(1e-6));
        var larger = ImageFolderReader.Read(folder.Path, new() { Height = 2, Width = 8 });
        Assert.That(Enumerable.Range(0, 4).Select(i => larger.Inputs[0, i]), Is.EqualTo(new[] { 0, 10 / 255.0, 30 / 255.0, 50 / 255.0 }).Within(1e-6));
    }

    [Test]
    public void WhatIsNoFolderOfPictures_IsRefused()
    {
        Refused(folder.File("none"), "there is no such folder.");
        Refused(folder.Path, "there must be a folder of pictures for each class, two or more; there are 0.");
        Write("a/1.png", Pictures.Png(2, 2, 1));
        Directory.CreateDirectory(folder.File("b"));
        Refused(folder.File("b"), "two or more; there are 0.");
        Assert.That(() => ImageFolderReader.Read(folder.Path), Throws.TypeOf<DataException>()
            .With.Message.EqualTo($"{folder.File("b")}: there is no PNG or JPEG picture in the folder of this class. Remove the folder, or name "
                + "the one that has the folders of the classes."));
        Write("b/1.png", Pictures.Png(3, 2, 1));
        Refused(folder.File("b/1.png"), $"the picture has 2 × 3 pixels, and {folder.File("a/1.png")} has 2 × 2. Resize them all with --image-size 2x2.");
        Write("b/1.png", [.. "GIF, or so"u8]);
        Refused(folder.File("b/1.png"), "this is no PNG or JPEG picture, or it is damaged.");
        Assert.That(() => ImageFolderReader.Read(folder.Path, new() { Width = 3 }), Throws.TypeOf<ConfigurationException>());
        Assert.That(() => ImageFolderReader.Read(folder.Path, new() { Width = 3, Height = 0 }), Throws.TypeOf<ConfigurationException>());
    }

    [Test]
    public void HugePicture_IsRefusedByItsHeader()
    {
        byte[] png = Pictures.Png(2, 2, 1);
        new byte[] { 0, 0, 64, 0, 0, 0, 64, 0 }.CopyTo(png, 16);
        Write("a/1.png", png);
        Write("b/1.png", png);
        Refused(folder.File("a/1.png"), "the picture has 16384 × 16384 pixels; from 1 to 67108864 are read.");
    }

    [Test]
    public void DamagedPictures_AreReadOrRefusedByName([Values] bool jpeg)
    {
        byte[] whole = jpeg ? Pictures.Jpeg(9, 7, 100, 150, 200) : Pictures.Png(9, 7, 100, 150, 200);
        Write("b/1.png", whole);
        int refused = 0;
        for (int draw = 0; draw < 400; draw++)
        {
            Write("a/1.png", ReaderFuzzTests.Damage(new Philox(7, (ulong)draw), [.. whole]));
            try
            {
                ImageFolderReader.Read(folder.Path, new() { Height = 4, Width = 4 });
            }
            catch (DataException error)
            {
                Assert.That(error.Message, Does.StartWith(folder.File("a/1.png")));
                refused++;
            }
            catch (MemoryException)
            {
                refused++;
            }
        }
        Assert.That(refused, Is.InRange(40, 399));
    }

    private void Write(string name, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder.File(name))!);
        folder.Write(name, bytes);
    }

    private void Refused(string start, string message)
    {
        string read = start == folder.File("none") || start == folder.File("b") ? start : folder.Path;
        var error = Assert.Throws<DataException>(() => ImageFolderReader.Read(read));
        Assert.That(error.Message, Does.StartWith(start).And.Contain(message));
    }
}
