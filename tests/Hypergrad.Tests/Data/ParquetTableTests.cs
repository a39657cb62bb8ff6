using Hypergrad.Data;
using Hypergrad.Parquet;
using Parquet;
using Parquet.Schema;

namespace Hypergrad.Tests.Data;

[TestFixture]
public sealed class ParquetTableTests
{
    private TemporaryFolder folder = null!;
    private byte[] file = null!;

    [OneTimeSetUp]
    public async Task MakeFile() => file = await Write().ConfigureAwait(false);

    [SetUp]
    public void MakeFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public void Columns_AreNumbersCategoriesAndClasses_OverAllGroupsOfRows()
    {
        var data = ParquetTable.Read(folder.Write("a.parquet", file), new()
        {
            TargetColumns = ["kind"],
            IgnoredColumns = ["day"],
            Missing = MissingValues.Impute,
        });
        Assert.That(data.ClassNames, Is.EqualTo(new[] { "a", "b" }));
        // x, n (null becomes the median), town in one hot, flag in one hot.
        Assert.That(data.Inputs.ToArray(), Is.EqualTo(new double[]
        {
            0.5, 1, 0, 1, 0, 1,
            1.5, 2, 1, 0, 1, 0,
            2.5, 1.5, 0, 1, 0, 1,
            0.5, 1, 0, 1, 0, 1,
            1.5, 2, 1, 0, 1, 0,
            2.5, 1.5, 0, 1, 0, 1,
        }));
    }

    [Test]
    public void NewFile_IsEncodedTheSame()
    {
        string path = folder.Write("a.parquet", file);
        var options = new TableOptions { TargetColumns = ["kind"], InputColumns = ["town", "x"] };
        var encoding = DataEncoding.Learn(ParquetTable.ReadTable(path, options), options);
        Assert.That(encoding.ApplyToInputs(ParquetTable.ReadTable(path, encoding, hasTargets: false)).ToArray()[..6], Is.EqualTo(new[] { 0, 1, 0.5, 1, 0, 1.5 }));
    }

    [Test]
    public void WhatCannotBeUsed_IsRefused()
    {
        string path = folder.Write("a.parquet", file);
        Refused(path, new() { TargetColumns = ["kind"], Missing = MissingValues.Impute }, "column \"day\" holds dates, such as \"2024-01-05\"");
        Refused(path, new() { TargetColumns = ["kind"], IgnoredColumns = ["day"] },
            "row 3: column \"n\" is empty; every example needs all its numbers. Of 6 rows are missing: 2 of \"n\".");
        Refused(path, new() { TargetColumns = ["colour"] }, "there is no column \"colour\".");
        Refused(folder.File("none.parquet"), new(), "there is no such file.");
        Refused(folder.Write("text.parquet", "a,b\n1,2\n"), new(), "the file is no Parquet file, or it is damaged");
    }

    [Test]
    public void DamagedFiles_AreReadOrRefused()
    {
        int refused = 0;
        for (int draw = 0; draw < 500; draw++)
        {
            string path = folder.Write("a.parquet", ReaderFuzzTests.Damage(new Philox(9, (ulong)draw), [.. file]));
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                ParquetTable.Read(path, new() { TargetColumns = ["kind"], IgnoredColumns = ["day"], Missing = MissingValues.Impute });
            }
            catch (HypergradException error)
            {
                Assert.That(error.Message, Does.StartWith(path));
                refused++;
            }
            Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(2L << 30), $"draw {draw}");
        }
        Assert.That(refused, Is.InRange(100, 495));
    }

    private static void Refused(string path, TableOptions options, string message)
    {
        var error = Assert.Throws<DataException>(() => ParquetTable.Read(path, options));
        Assert.That(error.Message, Does.StartWith(path).And.Contain(message));
    }

    // Two groups of the same three rows.
    private static async Task<byte[]> Write()
    {
        DataField x = new DataField<float>("x"), n = new DataField<int?>("n"), town = new DataField<string>("town"),
            flag = new DataField<bool>("flag"), day = new DataField<DateTime>("day"), kind = new DataField<string>("kind");
        using var stream = new MemoryStream();
        await using (var writer = await ParquetWriter.CreateAsync(new ParquetSchema(x, n, town, flag, day, kind), stream))
            for (int group = 0; group < 2; group++)
            {
                using var rows = writer.CreateRowGroup();
                await rows.WriteAsync<float>(x, new float[] { 0.5f, 1.5f, 2.5f });
                await rows.WriteAsync<int>(n, new int?[] { 1, 2, null }.AsMemory());
                await rows.WriteAsync(town, new[] { "Rome", "Paris", "Rome" });
                await rows.WriteAsync<bool>(flag, new[] { true, false, true });
                await rows.WriteAsync<DateTime>(day, new DateTime[] { new(2024, 1, 5), new(2024, 1, 6), new(2024, 1, 7) });
                await rows.WriteAsync(kind, new[] { "a", "b", "a" });
            }
        return stream.ToArray();
    }
}
