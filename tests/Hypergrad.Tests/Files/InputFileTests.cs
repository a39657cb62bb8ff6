using System.Text;
using Hypergrad.Data;
using Hypergrad.Files;

namespace Hypergrad.Tests.Files;

[TestFixture]
[NonParallelizable]
[Platform(Exclude = "Win", Reason = "There are other files there.")]
public sealed class InputFileTests
{
    private TemporaryFolder folder = null!;
    private TimeSpan patience;

    [SetUp]
    public void MakeFolder() => (folder, patience) = (new TemporaryFolder(), PatientStream.Patience);

    [TearDown]
    public void RemoveFolder()
    {
        PatientStream.Patience = patience;
        folder.Dispose();
    }

    [Test]
    public void DeviceThatNeverEnds_IsRefused([Values] bool throughALink)
    {
        string device = SpecialFiles.Zero(folder.File("zero"));
        if (throughALink)
            File.CreateSymbolicLink(device = folder.File("link"), folder.File("zero"));
        foreach (Action read in new Action[] { () => CsvReader.Read(device), () => IdxFile.Read(device), () => InputFile.ReadAll(device) })
            Assert.That(read, Throws.TypeOf<DataException>().With.Message.EqualTo(
                $"{device}: this is a device or a socket; a file or a pipe is needed."));
    }

    [Test]
    public void PipeThatNobodyWritesTo_IsRefusedAfterAWhile()
    {
        PatientStream.Patience = TimeSpan.FromSeconds(0.2);
        string pipe = SpecialFiles.Pipe(folder.File("pipe"));
        Assert.That(() => CsvReader.Read(pipe), Throws.TypeOf<DataException>().With.Message.EqualTo(
            $"{pipe}: nothing has come through this pipe for 0.2 seconds."));
        // Lets the reader go that still waits in its thread.
        using (new FileStream(pipe, FileMode.Open, FileAccess.Write)) { }
    }

    [Test]
    public void PipeThatStops_IsRefusedAfterAWhile()
    {
        PatientStream.Patience = TimeSpan.FromSeconds(0.5);
        string pipe = SpecialFiles.Pipe(folder.File("pipe"));
        var held = Task.Run(() =>
        {
            var writer = new FileStream(pipe, FileMode.Open, FileAccess.Write);
            writer.Write("1,2,x\n"u8);
            writer.Flush();
            return writer;
        });
        Assert.That(() => CsvReader.Read(pipe), Throws.TypeOf<DataException>().With.Message.Contains(
            "nothing has come through this pipe for 0.5 seconds."));
        held.Result.Dispose();
    }

    [Test]
    public void Pipe_IsReadToItsEnd([Values] bool packed)
    {
        string pipe = SpecialFiles.Pipe(folder.File("pipe"));
        string text = "a,b,c\n" + string.Concat(Enumerable.Range(0, 50_000).Select(i => $"{i},{2 * i},{(i % 2 == 0 ? "x" : "y")}\n"));
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        var written = Task.Run(() => File.WriteAllBytes(pipe, packed ? TemporaryFolder.Gzip(bytes) : bytes));
        var data = CsvReader.Read(pipe);
        written.Wait();
        Assert.That((data.Count, data.Inputs[49_999, 1]), Is.EqualTo((50_000, 99_998.0)));
    }

    [Test]
    public void IdxThroughAPipe_IsReadAsFarAsItsHeaderPromises()
    {
        Assert.That(IdxFile.Read(Through(Data.IdxBytes.Images())).Sizes, Is.EqualTo(new[] { 3, 2, 3 }));
        string path = Through([.. Data.IdxBytes.Images(), 7]);
        Assert.That(() => IdxFile.Read(path), Throws.TypeOf<DataException>().With.Message.Contains(
            "too many bytes: the header says 3 × 2 × 3 elements, 34 bytes in all"));
    }

    // The kernel tells no length of these.
    [Test]
    [Platform("Linux")]
    public void FileWithoutALength_IsRead() => Assert.That(InputFile.ReadAll("/proc/self/status").Length, Is.GreaterThan(100));

    private string Through(byte[] bytes)
    {
        string pipe = SpecialFiles.Pipe(folder.File(Guid.NewGuid().ToString()));
        _ = Task.Run(() => File.WriteAllBytes(pipe, bytes));
        return pipe;
    }
}
