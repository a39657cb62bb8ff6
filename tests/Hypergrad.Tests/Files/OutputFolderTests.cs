using Hypergrad.Files;

namespace Hypergrad.Tests.Files;

[TestFixture]
public sealed class OutputFolderTests
{
    private TemporaryFolder temporary = null!;

    [SetUp]
    public void MakeFolder() => temporary = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => temporary.Dispose();

    [Test]
    public void Folder_IsMade_AndTheProbeLeavesNothing()
    {
        var folder = new OutputFolder(temporary.File("a/b"), 200_000);
        Assert.That(Directory.Exists(folder.Path));
        Assert.That(Directory.EnumerateFileSystemEntries(folder.Path), Is.Empty);
    }

    [Test]
    public void Replace_PutsTheNewFileInPlaceOfTheOld()
    {
        var folder = new OutputFolder(temporary.Path);
        folder.Replace("x", stream => stream.Write("a longer first one"u8));
        folder.Replace("x", stream => stream.Write("two"u8));
        Assert.That(File.ReadAllText(folder["x"]), Is.EqualTo("two"));
        Assert.That(Directory.EnumerateFileSystemEntries(temporary.Path), Is.EqualTo(new[] { folder["x"] }));
    }

    [Test]
    public void Replace_ThatFails_LeavesTheOldFile_AndNothingHalfWritten()
    {
        var folder = new OutputFolder(temporary.Path);
        folder.Replace("x", stream => stream.Write("one"u8));
        Assert.That(() => folder.Replace("x", stream =>
        {
            stream.Write("tw"u8);
            throw new DataException("no more");
        }), Throws.TypeOf<DataException>().With.Message.EqualTo("no more"));
        Assert.That(File.ReadAllText(folder["x"]), Is.EqualTo("one"));
        Assert.That(Directory.EnumerateFileSystemEntries(temporary.Path), Is.EqualTo(new[] { folder["x"] }));
    }

    [Test]
    public void FolderBelowAFile_IsRefused()
    {
        string file = temporary.Write("file", "content");
        string path = Path.Combine(file, "folder");
        Assert.That(() => new OutputFolder(path), Throws.TypeOf<ConfigurationException>()
            .With.Message.StartsWith($"{path} cannot be written to: ").And.Message.EndsWith("Choose another place, or make room there."));
        Assert.That(File.ReadAllText(file), Is.EqualTo("content"));
    }

    [Test]
    public void FolderWithoutAName_IsRefused() =>
        Assert.That(() => new OutputFolder(""), Throws.TypeOf<ConfigurationException>().With.Message.EqualTo(
            "The folder to write to has no name."));

    [Test]
    public void FullFolder_IsRefused_AndNothingIsLeft()
    {
        using var disk = TinyDisk.Mount(128);
        Assert.That(() => new OutputFolder(disk.Path, 1 << 20), Throws.TypeOf<ConfigurationException>()
            .With.Message.StartsWith($"{disk.Path} cannot be written to: "));
        Assert.That(Directory.EnumerateFileSystemEntries(disk.Path), Is.Empty);
        Assert.That(() => new OutputFolder(disk.Path), Throws.Nothing);
    }

    [Test]
    public void FolderThatFillsUp_KeepsTheOldFile_AndNothingHalfWritten()
    {
        using var disk = TinyDisk.Mount(128);
        var folder = new OutputFolder(disk.Path);
        folder.Replace("x", stream => stream.Write("one"u8));
        Assert.That(() => folder.Replace("x", stream => stream.Write(new byte[1 << 20])), Throws.TypeOf<ConfigurationException>()
            .With.Message.StartsWith($"{folder["x"]} cannot be written to: "));
        Assert.That(Directory.EnumerateFiles(disk.Path).Select(File.ReadAllText), Is.EqualTo(new[] { "one" }));
    }
}
