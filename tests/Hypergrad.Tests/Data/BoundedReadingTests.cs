using System.Buffers.Binary;
using System.IO.Compression;
using Hypergrad.Data;

namespace Hypergrad.Tests.Data;

/// <summary>Files that promise little and hold much, or the other way about: memory is taken for what is there and was promised.</summary>
[TestFixture]
[NonParallelizable]
public sealed class BoundedReadingTests
{
    private const int Much = 256 << 20;

    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public void SmallHeaderWithMuchBehindIt_IsRefusedOnTheByteAfter([Values] bool packed)
    {
        byte[] header = IdxBytes.Images();
        string path = packed ? Packed(header, Much) : Sparse(header, Much);
        Refused(() => IdxFile.Read(path), path, packed
            ? "too many bytes after unpacking: the header says 3 × 2 × 3 elements, 34 bytes in all; the file has more."
            : $"{Much} bytes too many: the header says 3 × 2 × 3 elements", 1 << 20);
    }

    [Test]
    public void TableThatIsNoText_IsRefusedInItsFirstPiece([Values] bool packed)
    {
        string path = packed ? Packed([], Much) : Sparse([], Much);
        Refused(() => CsvReader.Read(path), path, "the file holds zero bytes: it is not text.", 1 << 20);
    }

    [Test]
    public void LargeHeaderWithLittleBehindIt_TakesLittle([Values] bool packed)
    {
        byte[] bytes = IdxBytes.File(8, [1000, 1000, 1000], 1, 2, 3);
        string path = folder.Write("file", packed ? TemporaryFolder.Gzip(bytes) : bytes);
        Refused(() => IdxFile.Read(path), path, "truncated: the header says 1000 × 1000 × 1000 elements of 1 bytes", 1 << 20);
    }

    [Test]
    public void SmallArrayWithMuchBehindIt_IsRefusedOnTheByteAfter([Values] bool inAnArchive)
    {
        byte[] array = NpyBytes.File<float>("<f4", "(3, 2)", 1, 2, 3, 4, 5, 6);
        string path = inAnArchive ? folder.File("bomb.npz") : Sparse(array, Much);
        if (inAnArchive)
            using (var archive = ZipFile.Open(path, ZipArchiveMode.Create))
                Fill(archive.CreateEntry("x.npy", CompressionLevel.Fastest).Open(), array, Much);
        Refused(() => _ = inAnArchive ? NumpyReader.ReadArchive(path).Inputs : NumpyReader.ReadInputs(path), path,
            "too long: the header says 3 × 2 elements of 4 bytes, 24 bytes in all; there are more. Save the array again.", 1 << 20);
    }

    [Test]
    public void ArrayWhoseHeaderIsHuge_IsRefusedUnread()
    {
        string path = Sparse([0x93, .. "NUMPY"u8, 2, 0, 0, 0, 0, 0x20], Much << 1);
        Refused(() => NumpyReader.ReadInputs(path), path, "the header says that it has 536870912 bytes; at most 1048576 can be read.",
            1 << 20);
    }

    [Test]
    public void GzipThatPromisesMuch_TakesWhatIsThere()
    {
        byte[] bytes = TemporaryFolder.Gzip("1,2,x\n3,4,y\n"u8.ToArray());
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(bytes.Length - 4), uint.MaxValue);
        string path = folder.Write("file", bytes);
        Refused(() => CsvReader.Read(path), path, "the gzip file is damaged; fetch it again.", 1 << 20);
    }

    [Test]
    public void GzipThatPromisesLittle_IsRefusedOnTheByteAfter()
    {
        byte[] lines = "1,2,x\n3,4,y\n"u8.ToArray(),
            bytes = TemporaryFolder.Gzip([.. Enumerable.Repeat(lines, 1 << 20).SelectMany(line => line)]);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(bytes.Length - 4), 12);
        string path = folder.Write("file", bytes);
        Refused(() => CsvReader.Read(path), path, "more bytes come out of the gzip file than its last bytes promise, 12", 1 << 20);
    }

    private static void Refused(Action read, string path, string message, long most)
    {
        long before = GC.GetTotalAllocatedBytes(precise: true);
        var error = Assert.Throws<DataException>(() => read());
        Assert.That(error.Message, Does.StartWith(path).And.Contain(message));
        Assert.That(GC.GetTotalAllocatedBytes(precise: true) - before, Is.LessThan(most));
    }

    private string Packed(byte[] head, long zeros)
    {
        string path = folder.File("bomb.gz");
        Fill(new GZipStream(File.Create(path), CompressionLevel.Fastest), head, zeros);
        return path;
    }

    private static void Fill(Stream stream, byte[] head, long zeros)
    {
        using (stream)
        {
            stream.Write(head);
            var block = new byte[1 << 20];
            for (long written = 0; written < zeros; written += block.Length)
                stream.Write(block);
        }
    }

    private string Sparse(byte[] head, long zeros)
    {
        string path = folder.Write("large", head);
        using var file = File.OpenWrite(path);
        file.SetLength(head.Length + zeros);
        return path;
    }
}
