using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using Hypergrad.Interop;

namespace Hypergrad.Tests.Backends.Native;

/// <summary>Finding the native library: what is tried, what is refused and in which words.</summary>
[TestFixture]
public sealed class LoaderTests
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public void MissingFile_IsNamed() => AssertRefused(folder.File("nowhere.so"), "there is no such file");

    [Test]
    public void EmptyFolder_NamesTheFileLookedFor()
    {
        var report = NativeLibraryLoader.Load([], folder.Path);
        Assert.That(report.Summary, Is.EqualTo($"{folder.File(LibraryPlaces.FileName)}: there is no such file"));
    }

    [Test]
    public void FileThatIsNoLibrary_IsRefusedInTheSystemsWords()
    {
        string path = folder.Write(
            LibraryPlaces.FileName, "not a library, though long enough for the header of one, which has sixty-four bytes");
        AssertRefused(path, OperatingSystem.IsLinux() ? "invalid ELF header" : null);
    }

    [Test]
    public void TruncatedLibrary_IsRefused() => AssertRefused(
        folder.Write(LibraryPlaces.FileName, File.ReadAllBytes(SystemLibrary())[..40]),
        OperatingSystem.IsLinux() ? "file too short" : null);

    [Test]
    public void LibraryOfAnotherMachine_IsRefused()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Ignore("The machine's number is patched in an ELF header, as Linux has them.");
        byte[] bytes = File.ReadAllBytes(SystemLibrary());
        bytes[18] = 243;    // RISC-V
        AssertRefused(folder.Write(LibraryPlaces.FileName, bytes), null);
    }

    [Test]
    public void AnotherLibrary_IsRefused() =>
        AssertRefused(SystemLibrary(), "it is not Hypergrad's native library (it has no hg_abi_version)");

    [Test]
    public void LibraryOfAnotherAbiVersion_IsRefused()
    {
        string source = folder.Write("older.c", "int hg_abi_version(void) { return 0; }"), path = folder.File(LibraryPlaces.FileName);
        Compile(source, path);
        AssertRefused(path, $"its ABI version is 0 and this program speaks {NativeLibraryLoader.AbiVersion}; "
            + "install the library of the same release");
    }

    [Test]
    public void LibraryBuiltBefore_IsRefused()
    {
        string source = folder.Write("before.c", $"int hg_abi_version(void) {{ return {NativeLibraryLoader.AbiVersion}; }}");
        string path = folder.File(LibraryPlaces.FileName);
        Compile(source, path);
        AssertRefused(path, "it is older than this program (it has no hg_shared_dataset_create); "
            + "install the library of the same release, or build it again");
    }

    [Test]
    public void Library_IsLoaded_FromItsFileAndFromItsFolder()
    {
        string path = NativeLibraryUnderTest.Require();
        var report = NativeLibraryLoader.Load([], path);
        Assert.That((report.IsLoaded, report.Path, report.Summary, report.Warning), Is.EqualTo((true, path, path, (string?)null)));
        Assert.That(NativeLibraryLoader.Load([], Path.GetDirectoryName(path)).Path, Is.EqualTo(path));
    }

    [Test]
    public void Resolver_IsAskedFirst()
    {
        string path = NativeLibraryUnderTest.Require();
        DllImportResolver knows = (name, _, _) => name == "hypergrad" ? NativeLibrary.Load(path) : 0;
        DllImportResolver knowsNone = (_, _, _) => 0, knowsAnother = OtherLibrary;
        DllImportResolver throws = (_, _, _) => throw new IOException("the disk\nis gone");
        var report = NativeLibraryLoader.Load([knowsNone, throws, knowsAnother, knows], folder.File("nowhere.so"));
        Assert.That(report.Path, Is.EqualTo("a handler of ResolveLibrary"));
        Assert.That(report.Attempts.Select(attempt => attempt.Failure), Is.EqualTo(new[]
        {
            "it knows none", "is gone", "it is not Hypergrad's native library (it has no hg_abi_version)", null,
        }));
    }

    [Test]
    public void LibraryWithCuda_IsTriedFirst_AndTheOtherAfterIt()
    {
        string plain = folder.Write(LibraryPlaces.FileName, "no library");
        Assert.That(LibraryPlaces.Of(folder.Path), Is.EqualTo(new[] { plain }));
        string cuda = folder.Write(LibraryPlaces.CudaFileName, "no library either");
        Assert.That(LibraryPlaces.CudaFileName, Does.Match("^(lib)?hypergrad_cuda\\.(so|dylib|dll)$"));
        Assert.That(LibraryPlaces.Of(folder.Path), Is.EqualTo(new[] { cuda, plain }));
    }

    [Test]
    public void WithoutAPath_TheApplicationsFolderAndItsRuntimesAreTried_AndNothingThereIsNoComplaint()
    {
        string[] places = [.. LibraryPlaces.Of(null)];
        string application = Path.GetFullPath(AppContext.BaseDirectory);
        Assert.That(places, Does.Contain(Path.Combine(application, LibraryPlaces.FileName)));
        string folderOfRuntime = Path.Combine(application, "runtimes", RuntimeInformation.RuntimeIdentifier, "native");
        Assert.That(places, Does.Contain(Path.Combine(folderOfRuntime, LibraryPlaces.FileName)));
        Assert.That(places, Is.Unique);
        Assert.That(LibraryPlaces.Of(" "), Is.EqualTo(places));
        Assert.That(
            NativeLibraryLoader.Load([], null),
            Has.Property(nameof(LoadReport.IsLoaded)).True.Or.Property(nameof(LoadReport.Warning)).Null);
    }

    private static void AssertRefused(string path, string? trouble)
    {
        var report = NativeLibraryLoader.Load([], path);
        Assert.That((report.IsLoaded, report.Path), Is.EqualTo((false, (string?)null)));
        Assert.That(report.Attempts, Has.Count.EqualTo(1));
        Assert.That(report.Summary, Does.StartWith($"{path}: ").And.Not.Contains("\n"));
        Assert.That(report.Summary, Has.Length.GreaterThan(path.Length + 5));
        Assert.That(report.Warning, Is.EqualTo(report.Summary), "a path that the user gave is worth a complaint");
        if (trouble is not null)
            Assert.That(report.Summary, Is.EqualTo($"{path}: {trouble}"));
    }

    private static nint OtherLibrary(string name, Assembly assembly, DllImportSearchPath? search) => NativeLibrary.Load(SystemLibrary());

    // Some library that every runtime brings along.
    private static string SystemLibrary()
    {
        string runtime = RuntimeEnvironment.GetRuntimeDirectory();
        return OperatingSystem.IsWindows() ? Path.Combine(runtime, "clrjit.dll")
            : Path.Combine(runtime, OperatingSystem.IsMacOS() ? "libSystem.Native.dylib" : "libSystem.Native.so");
    }

    private static void Compile(string source, string library)
    {
        try
        {
            var command = new ProcessStartInfo("cc", ["-shared", "-fPIC", "-o", library, source]) { UseShellExecute = false };
            using var compiler = Process.Start(command)!;
            compiler.WaitForExit();
            Assert.That(compiler.ExitCode, Is.Zero, "cc");
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            Assert.Ignore($"There is no C compiler here to make a library of another ABI version with: {exception.Message}");
        }
    }
}
