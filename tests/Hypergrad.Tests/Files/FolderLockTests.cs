using Hypergrad.Files;

namespace Hypergrad.Tests.Files;

[TestFixture]
public sealed class FolderLockTests
{
    private TemporaryFolder temporary = null!;
    private OutputFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new((temporary = new()).Path);

    [TearDown]
    public void RemoveFolder() => temporary.Dispose();

    [Test]
    public void FolderThatIsTaken_IsRefused_NamingTheProcess_UntilItIsLetGo()
    {
        using (FolderLock.Take(folder))
        {
            var refused = Assert.Throws<FolderInUseException>(() => FolderLock.Take(folder));
            Assert.That(refused!.Message, Is.EqualTo(
                $"{folder.Path}: another tuning (process {Environment.ProcessId}) is using this folder. Wait for its end, or choose "
                    + $"another."));
            Assert.That((refused.Folder, refused.Process), Is.EqualTo((folder.Path, Environment.ProcessId)));
        }
        using (FolderLock.Take(folder)) { }
        Assert.That(Directory.EnumerateFileSystemEntries(temporary.Path), Is.Empty);
    }

    [Test]
    public void WhatAKilledProcessLeft_HoldsNobodyUp()
    {
        temporary.Write("tuning.lock", "1\n");
        using (FolderLock.Take(folder))
            Assert.That(Assert.Throws<FolderInUseException>(() => FolderLock.Take(folder))!.Process, Is.EqualTo(Environment.ProcessId));
        Assert.That(Directory.EnumerateFileSystemEntries(temporary.Path), Is.Empty);
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "There are no named pipes among the files.")]
    public void LockThatIsNoFile_IsRefused()
    {
        SpecialFiles.Pipe(temporary.File("tuning.lock"));
        Assert.That(() => FolderLock.Take(folder),
            Throws.TypeOf<ConfigurationException>().With.Message.EndsWith("is no file, and is needed as one: remove it."));
    }

    [Test]
    public void ManyAtOnce_NeverHaveItTogether()
    {
        int inside = 0, together = 0, taken = 0;
        Parallel.For(0, 8, new() { MaxDegreeOfParallelism = 8 }, _ =>
        {
            for (int mine = 0; mine < 20;)
                try
                {
                    using var held = FolderLock.Take(folder);
                    if (Interlocked.Increment(ref inside) > 1)
                        Interlocked.Increment(ref together);
                    Interlocked.Increment(ref taken);
                    mine++;
                    Thread.Yield();
                    Interlocked.Decrement(ref inside);
                }
                catch (FolderInUseException)
                {
                    // Another has it: that is what is counted on.
                }
        });
        Assert.That((together, taken), Is.EqualTo((0, 160)));
    }
}
