using System.Text.RegularExpressions;
using Hypergrad.Interop;
using Hypergrad.Runs;

namespace Hypergrad.Tests;

/// <summary>
/// What the libraries offer is listed beside them. The analyzer holds the lists to the code, member by member; here is held that they are
/// there, that they are of this code, and which rooms are for users.
/// </summary>
[TestFixture]
public sealed class PublicApiTests
{
    // Commands have users at a terminal, and packages of native libraries have no code.
    private static readonly string[] WithoutApi = ["Hypergrad.Cli", "Hypergrad.Native"];

    private static readonly System.Reflection.Assembly[] Libraries =
    [
        typeof(TrainingRun).Assembly, typeof(LoadReport).Assembly, typeof(Hypergrad.Onnx.OnnxExport).Assembly,
        typeof(Hypergrad.Parquet.ParquetTable).Assembly, typeof(Hypergrad.DataView.DatasetView).Assembly,
        typeof(Hypergrad.Interactive.NotebookFormatters).Assembly,
    ];

    [Test]
    public void EveryPackedLibrary_ListsWhatItOffers()
    {
        string[] packed = [.. Directory.GetFiles(SourceTree.File("src"), "*.csproj", SearchOption.AllDirectories)
            .Where(file => File.ReadAllText(file).Contains("<IsPackable>true</IsPackable>", StringComparison.Ordinal))
            .Select(file => Path.GetFileNameWithoutExtension(file)).Except(WithoutApi)];
        Assert.That(packed, Is.EquivalentTo(Libraries.Select(library => library.GetName().Name)));
        foreach (string library in packed)
            foreach (string list in new[] { "PublicAPI.Shipped.txt", "PublicAPI.Unshipped.txt" })
                Assert.That(File.ReadLines(SourceTree.File("src", library, list)).First(), Is.EqualTo("#nullable enable"));
    }

    [TestCaseSource(nameof(Libraries))]
    public void List_NamesTheTypesThatThereAre(System.Reflection.Assembly library)
    {
        string[] listed = [.. new[] { "PublicAPI.Shipped.txt", "PublicAPI.Unshipped.txt" }.SelectMany(
            list => File.ReadAllLines(SourceTree.File("src", library.GetName().Name!, list))).Where(line => Regex.IsMatch(line, "^[A-Za-z.0-9]+$"))];
        Assert.That(library.GetExportedTypes().Select(type => type.FullName!.Replace('+', '.')), Is.SubsetOf(listed),
            "./build.sh public-api lists it again");
    }

    [Test]
    public void RoomsThatAreNotForUsers_OfferNothing()
    {
        string[] rooms = [.. typeof(TrainingRun).Assembly.GetExportedTypes().Select(type => type.Namespace!).Distinct()];
        Assert.That(rooms, Does.Contain("Hypergrad.Runs"));
        foreach (string closed in new[] { "Arithmetic", "Files", "Json" })
            Assert.That(rooms.Where(room => room.StartsWith($"Hypergrad.{closed}", StringComparison.Ordinal)), Is.Empty);
        string[] ofBackends = [.. typeof(TrainingRun).Assembly.GetExportedTypes()
            .Where(type => Regex.IsMatch(type.Namespace!, @"^Hypergrad\.Backends\.(Managed|Native)")).Select(type => type.Name)];
        Assert.That(ofBackends, Is.EquivalentTo(new[] { "ManagedBackend", "NativeBackend", "NativeLibraryStatus", "CudaDevice" }));
    }
}
