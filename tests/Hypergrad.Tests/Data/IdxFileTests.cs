using Hypergrad.Data;

namespace Hypergrad.Tests.Data;

[TestFixture]
public sealed class IdxFileTests
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public void MissingFile_IsRefused() => AssertMessage(folder.File("nowhere"), "nowhere: there is no such file.");

    [Test]
    public void Folder_IsRefused() => AssertMessage(folder.Path, "this is a folder; a file is needed.");

    [Test]
    public void EmptyFile_IsRefused() => AssertRefused([], "file: the file is empty.");

    [Test]
    public void TruncatedFile_SaysHowManyBytes() =>
        AssertRefused(IdxBytes.Images()[..^5], "truncated: the header says 3 × 2 × 3 elements of 1 bytes, 34 bytes in all; the file has "
            + "29. Fetch it again.");

    [Test]
    public void TruncatedHeader_SaysHowManyBytes() =>
        AssertRefused(IdxBytes.Images()[..9], "truncated: a header of rank 3 has 16 bytes, the file has 9.");

    [Test]
    public void TrailingBytes_AreRefused() =>
        AssertRefused([.. IdxBytes.Images(), 7, 7], "2 bytes too many: the header says 3 × 2 × 3 elements, 34 bytes in all; the file has "
            + "36.");

    [Test]
    public void GzipTruncatedInItsData_SaysHowManyBytes()
    {
        var pixels = new byte[100_000];
        new Random(1).NextBytes(pixels);
        var whole = TemporaryFolder.Gzip(IdxBytes.File(8, [10, 10_000], pixels));
        AssertRefused(whole[..(whole.Length / 2)], "truncated: the header says 10 × 10000 elements of 1 bytes, 100012 bytes in all",
            "after unpacking");
    }

    [TestCase(1)]
    [TestCase(8)]
    public void GzipTruncatedInItsTrailer_IsRefused(int missing) =>
        AssertRefused(TemporaryFolder.Gzip(IdxBytes.Images())[..^missing],
            "34 bytes came out of the gzip file, but its last bytes promise", "it is truncated");

    [Test]
    public void GzipCutToItsHeader_IsRefused() =>
        AssertRefused(TemporaryFolder.Gzip(IdxBytes.Images())[..10],
            "nothing came out of the gzip file (10 bytes): it is truncated or empty.");

    [Test]
    public void DamagedGzip_IsRefused()
    {
        var bytes = TemporaryFolder.Gzip(IdxBytes.Images());
        bytes[^6] ^= 0xFF;
        AssertRefused(bytes, "the gzip file is damaged; fetch it again.");
    }

    [TestCase(new byte[] { 0x50, 0x4B, 3, 4, 0, 0 }, "begins with 504B0304 (a ZIP archive: unpack it)")]
    [TestCase(new byte[] { 0x89, 0x50, 0x4E, 0x47 }, "begins with 89504E47 (a PNG picture)")]
    [TestCase(new byte[] { 0x31, 0x2C, 0x32, 0x0A }, "begins with 312C320A (text: a CSV file?)")]
    [TestCase(new byte[] { 0x3C, 0x68, 0x74, 0x6D, 0x6C }, "begins with 3C68746D (a web page?)")]
    [TestCase(new byte[] { 0, 0, 0x0A, 1, 0, 0, 0, 1, 5 }, "begins with 00000A01;")]
    [TestCase(new byte[] { 0, 0, 8, 0, 5 }, "begins with 00000800;")]
    [TestCase(new byte[] { 0, 0 }, "begins with 0000;")]
    public void WrongMagic_SaysWhatItIsAndWhatItShouldBe(byte[] bytes, string found) =>
        AssertRefused(bytes, "this is not an IDX file", found, "00000803 for images of bytes, 00000801 for labels.");

    [Test]
    public void NoElements_AreRefused() => AssertRefused(IdxBytes.File(8, [3, 0, 28]),
        "the header says 3 × 0 × 28: there are no elements.");

    [Test]
    public void AbsurdSizes_AreRefusedWithoutSettingAsideMemory()
    {
        string path = folder.Write("file", IdxBytes.File(0x0E, [-1, -1, -1], 1, 2, 3, 4));
        long before = GC.GetAllocatedBytesForCurrentThread();
        AssertMessage(path, "truncated: the header says 4294967295 × 4294967295 × 4294967295 elements", "the file has 20");
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1_000_000));
    }

    [Test]
    public void ManyHugeDimensions_DoNotOverflow() =>
        AssertRefused(IdxBytes.File(8, [.. Enumerable.Repeat(int.MaxValue, 255)]), "truncated: the header says 2147483647 × 2147483647");

    private void AssertRefused(byte[] bytes, params string[] parts) => AssertMessage(folder.Write("file", bytes), parts);

    private static void AssertMessage(string path, params string[] parts)
    {
        var error = Assert.Throws<DataException>(() => IdxFile.Read(path));
        Assert.That(error.Message, Does.StartWith(path));
        foreach (string part in parts)
            Assert.That(error.Message, Does.Contain(part));
    }
}
