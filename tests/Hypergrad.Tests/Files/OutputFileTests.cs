using System.Net.Sockets;
using System.Runtime.Versioning;
using Hypergrad.Files;

namespace Hypergrad.Tests.Files;

[TestFixture]
[Platform(Exclude = "Win", Reason = "There are other files there.")]
public sealed class OutputFileTests
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    [UnsupportedOSPlatform("windows")]
    public void RegularFile_IsReplacedWhole_AndKeepsItsMode()
    {
        string file = folder.Write("x", "a longer old one");
        const UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        File.SetUnixFileMode(file, mode);
        using var old = File.OpenRead(file);
        Write(file, "new");
        Assert.That(File.ReadAllText(file), Is.EqualTo("new"));
        Assert.That(File.GetUnixFileMode(file), Is.EqualTo(mode));
        using var reader = new StreamReader(old);
        Assert.That(reader.ReadToEnd(), Is.EqualTo("a longer old one"), "it is another file, not the old one written over");
        AssertOnly("x");
    }

    [Test]
    public void FoldersAbove_AreMade()
    {
        Write(folder.File("a/b/x"), "new");
        Assert.That(File.ReadAllText(folder.File("a/b/x")), Is.EqualTo("new"));
    }

    [Test]
    public void Link_StaysOne_AndItsTargetIsReplaced([Values] bool relative, [Values(1, 3)] int links)
    {
        Directory.CreateDirectory(folder.File("elsewhere"));
        string target = folder.Write("elsewhere/x", "old"), link = target;
        for (int i = 0; i < links; i++)
        {
            string next = folder.File($"link{i}");
            File.CreateSymbolicLink(next, relative ? Path.GetRelativePath(folder.Path, link) : link);
            link = next;
        }
        Write(link, "new");
        Assert.That(new FileInfo(link).LinkTarget, Is.Not.Null);
        Assert.That(new FileInfo(target).LinkTarget, Is.Null);
        Assert.That(File.ReadAllText(target), Is.EqualTo("new"));
        Assert.That(Directory.EnumerateFiles(folder.File("elsewhere")).Select(Path.GetFileName), Is.EqualTo(new[] { "x" }));
    }

    [Test]
    public void DanglingLink_StaysOne_AndItsTargetIsMade()
    {
        string link = folder.File("link"), target = folder.File("there/x");
        File.CreateSymbolicLink(link, "there/x");
        Write(link, "new");
        Assert.That(new FileInfo(link).LinkTarget, Is.EqualTo("there/x"));
        Assert.That(File.ReadAllText(target), Is.EqualTo("new"));
    }

    [Test]
    public void LinksInACircle_AreRefused()
    {
        File.CreateSymbolicLink(folder.File("a"), "b");
        File.CreateSymbolicLink(folder.File("b"), "a");
        Refused(folder.File("a"), "cannot be written to: ");
        Assert.That(new FileInfo(folder.File("a")).LinkTarget, Is.EqualTo("b"));
    }

    [Test]
    public void Pipe_IsWrittenTo([Values] bool throughALink)
    {
        string pipe = SpecialFiles.Pipe(folder.File("pipe")), path = pipe;
        if (throughALink)
            File.CreateSymbolicLink(path = folder.File("link"), pipe);
        var read = Task.Run(() => File.ReadAllText(pipe));
        Write(path, "new");
        Assert.That(read.Wait(TimeSpan.FromSeconds(20)));
        Assert.That(read.Result, Is.EqualTo("new"));
        Assert.That(FilePath.Follow(pipe).Kind, Is.EqualTo(FileKind.Pipe));
        AssertOnly(throughALink ? ["link", "pipe"] : ["pipe"]);
    }

    [Test]
    public void Device_IsWrittenTo_AndStaysOne([Values] bool throughALink)
    {
        string device = SpecialFiles.Null(folder.File("null")), path = device;
        if (throughALink)
            File.CreateSymbolicLink(path = folder.File("link"), device);
        Write(path, "new");
        Assert.That(FilePath.Follow(device).Kind, Is.EqualTo(FileKind.CharacterDevice));
        AssertOnly(throughALink ? ["link", "null"] : ["null"]);
    }

    [Test]
    public void FullDevice_IsToldOf_AndStaysOne()
    {
        string device = SpecialFiles.Full(folder.File("full"));
        Assert.That(() => Write(device, "new"), Throws.TypeOf<ConfigurationException>()
            .With.Message.StartsWith($"{device} cannot be written to: No space left on device"));
        Assert.That(FilePath.Follow(device).Kind, Is.EqualTo(FileKind.CharacterDevice));
    }

    [Test]
    public void FolderDiskAndSocket_AreRefused()
    {
        Refused(folder.Path, "is a folder, which no result can be written to; name a file.");
        Refused("", "The file to write to has no name.");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(folder.File("socket")));
        Refused(folder.File("socket"), "is a socket, which no result can be written to; name a file.");
        Refused(SpecialFiles.Disk(folder.File("disk")), "is a disk, which no result can be written to; name a file.");
        AssertOnly("disk", "socket");
    }

    [Test]
    public void OpenDescriptor_IsWrittenTo_WhereItStands()
    {
        string log = folder.Write("log", "before ");
        using var file = new FileStream(log, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 0);
        file.Seek(0, SeekOrigin.End);
        int descriptor = (int)file.SafeFileHandle.DangerousGetHandle();
        Write($"/dev/fd/{descriptor}", "result ");
        Write($"/proc/self/fd/{descriptor}", "again");
        Assert.That(File.ReadAllText(log), Is.EqualTo("before result again"));
        AssertOnly("log");
    }

    [Test]
    public void NewFileOfAKilledProcess_IsRemoved_AndOneThatIsBeingWrittenIsNot()
    {
        folder.Write(".hypergrad-1.new", "half a fi");
        folder.Write("mine.new", "mine");
        using (new FileStream(folder.File(".hypergrad-2.new"), FileMode.CreateNew, FileAccess.Write, FileShare.None))
        {
            Write(folder.File("x"), "new");
            AssertOnly(".hypergrad-2.new", "mine.new", "x");
        }
    }

    [Test]
    public void DanglingLinkToAFolder_IsMade()
    {
        File.CreateSymbolicLink(folder.File("link"), "there");
        new OutputFolder(folder.File("link")).Replace("x", stream => stream.Write("new"u8));
        Assert.That(File.ReadAllText(folder.File("there/x")), Is.EqualTo("new"));
    }

    private static void Write(string path, string text) =>
        new OutputFile(path).Write(stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));

    private static void Refused(string path, string message) => Assert.That(
        () => Write(path, "new"), Throws.TypeOf<ConfigurationException>().With.Message.StartsWith(path).And.Message.Contains(message));

    private void AssertOnly(params string[] names) =>
        Assert.That(Directory.EnumerateFileSystemEntries(folder.Path).Select(Path.GetFileName), Is.EquivalentTo(names));
}
