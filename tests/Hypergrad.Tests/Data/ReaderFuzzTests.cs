using System.Text;
using Hypergrad.Data;

namespace Hypergrad.Tests.Data;

/// <summary>Whatever bytes a file holds, it is read or refused with an error that begins with its path; nothing else is ever
/// thrown.</summary>
[TestFixture]
public sealed class ReaderFuzzTests
{
    [Test]
    public void CsvOfAnyPieces_IsReadOrRefused()
    {
        string[] pieces = ["1,2\n", "1,2\n", "3,4\n", "3,4\n", "a,b\n", "\"5\",x\r\n", "1,", "\"", ";", "\r", "\t", "\0", "ü", " ", "NaN"];
        AssertReadOrRefused(2000, (random, draw) =>
        {
            var text = new StringBuilder();
            for (uint i = 0, length = random.Word(0) % 6; i < length; i++)
                text.Append(pieces[(int)(random.Word(i + 1) % (uint)pieces.Length)]);
            return Encoding.UTF8.GetBytes(text.ToString());
        }, path => CsvReader.Read(path));
    }

    [Test]
    public void CsvWithMistakes_IsReadOrRefused() => AssertReadOrRefused(
        2000,
        (random, draw) => Damage(random, Encoding.UTF8.GetBytes("a,b,\"c, \"\"d\"\"\"\r\n1,2.5,x\r\n-3e2,4,\"y\"\r\n")),
        path => CsvReader.Read(path));

    [Test]
    public void IdxWithMistakes_IsReadOrRefused() => AssertReadOrRefused(
        2000,
        (random, draw) => Damage(random, draw % 2 == 0 ? IdxBytes.Labels() : TemporaryFolder.Gzip(IdxBytes.Labels())),
        path => IdxFile.Read(path));

    [Test]
    public void TableOfAllKinds_WithMistakes_IsReadOrRefused() => AssertReadOrRefused(
        1000,
        (random, draw) => Damage(random, Encoding.UTF8.GetBytes("n,town,d,kind\r\n1,Rome,\"a,b\",x\r\n,Oslo,c,\"y\"\r\n3,NA,\"a,b\",x\r\n")),
        path => CsvReader.Read(path, new() { Missing = MissingValues.Impute }));

    [Test]
    public void ArchiveOfArrays_WithMistakes_IsReadOrRefused() => AssertReadOrRefused(
        1000, (random, draw) => Damage(random, NpyBytes.Small()), path => NumpyReader.ReadArchive(path));

    [Test]
    public void Array_WithMistakes_IsReadOrRefused() => AssertReadOrRefused(
        1000, (random, draw) => Damage(random, NpyBytes.File<short>("<i2", "(2, 3)", 1, 2, 3, 4, 5, 6)), path => NumpyReader.Read(path, path));

    /// <summary>The bytes with one to four of them changed, and every third time cut short.</summary>
    internal static byte[] Damage(Philox random, byte[] bytes)
    {
        for (uint i = 0, mistakes = 1 + random.Word(0) % 4; i < mistakes; i++)
            bytes[random.Word(2 * i + 1) % (uint)bytes.Length] = (byte)random.Word(2 * i + 2);
        return random.Word(100) % 3 == 0 ? bytes[..(int)(random.Word(101) % (uint)bytes.Length)] : bytes;
    }

    private static void AssertReadOrRefused(int draws, Func<Philox, int, byte[]> make, Action<string> read)
    {
        using var folder = new TemporaryFolder();
        int refused = 0;
        for (int draw = 0; draw < draws; draw++)
        {
            string path = folder.Write("file", make(new Philox(1, (ulong)draw), draw));
            try
            {
                read(path);
            }
            catch (DataException error)
            {
                Assert.That(error.Message, Does.StartWith(path));
                refused++;
            }
        }
        Assert.That(refused, Is.InRange(draws / 10, draws - draws / 50), "some are read, many are refused");
    }
}
