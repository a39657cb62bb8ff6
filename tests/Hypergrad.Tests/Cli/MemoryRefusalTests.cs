using Hypergrad.Cli;
using Hypergrad.Tests.Data;

namespace Hypergrad.Tests.Cli;

/// <summary>
/// What cannot fit into memory: exit code 6 and the estimate, before any of it is set aside. The command runs in a process that is given
/// half a gigabyte, so that it is refused on every machine.
/// </summary>
[TestFixture]
public sealed class MemoryRefusalTests
{
    private static readonly Dictionary<string, string> HalfAGigabyte = new() { ["DOTNET_GCHeapHardLimit"] = "0x20000000" };
    private static readonly Dictionary<string, string> AnEighthOfOne = new() { ["DOTNET_GCHeapHardLimit"] = "0x8000000" };

    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [TestCase("This run (3190 weights, 100000 replicas, 5 steps, reversible method)", "--replicas", "100000")]
    [TestCase("This run (44860 weights, 1 replica, 3000 steps, stored method)", "--steps", "3000", "--method", "stored", "--hidden", "50-50-50")]
    [TestCase("A learning rate of 20000000 steps, shared by tensor,", "--steps", "20000000")]
    [TestCase("200000 digits", "--examples", "200000")]
    public void Tuning_IsRefused_WithTheEstimate(string message, params string[] options)
    {
        var quick = CommandLine.Quick[1..].Chunk(2).Where(pair => !options.Contains(pair[0])).SelectMany(pair => pair);
        Refused(message, ["tune", .. quick, .. options]);
    }

    // Before the search for a start trains them all.
    [Test]
    public void Tuning_IsRefused_BeforeItSearchesForAStart()
    {
        var quick = CommandLine.Quick[1..].Chunk(2).Where(pair => pair[0] is not ("--start-search" or "--replicas")).SelectMany(pair => pair);
        Refused("This run (3190 weights, 100000 replicas, 5 steps, reversible method)",
            ["tune", .. quick, "--start-search", "3", "--replicas", "100000", "--out", folder.File("out")]);
        Assert.That(Directory.Exists(folder.File("out")) ? Directory.GetFiles(folder.File("out")) : [], Is.Empty);
    }

    [Test]
    public void Plan_IsRefused_WhereNotAStepCanBeMeasured() => Refused(
        "This run (3190 weights, 100000 replicas, 5 steps, ", "plan", "--examples", "120", "--steps", "5", "--hidden", "4",
            "--replicas", "100000");

    [Test]
    public void Training_IsRefused_WithTheEstimate()
    {
        CommandLine.Succeed([.. CommandLine.Quick, "--out", folder.Path]);
        Refused("This training (3190 weights, 100000 replicas, 5 steps)", "train", "--start", folder.File("hyperparameters.json"),
            "--examples", "120", "--replicas", "100000", "--out", folder.File("trained"));
    }

    [Test]
    public void Image_IsRefused_ByItsHeader()
    {
        string images = folder.Write("images", IdxBytes.File(8, [200_000, 1000]));
        using (var file = File.OpenWrite(images))
            file.SetLength(12 + 200_000_000);
        Refused($"{images}: what the header promises, 200000 × 1000 elements,", "data", "--images", images, "--labels", folder.Write("labels", IdxBytes.Labels()));
    }

    [Test]
    public void Table_IsRefused_WhileItIsRead()
    {
        string table = folder.File("x.csv");
        using (var writer = File.CreateText(table))
            for (int i = 0; i < 4_000_000; i++)
                writer.Write($"0.{i:D8},0.12345678,0.12345678,0.12345678,0.12345678,{i % 2}\n");
        Refused(AnEighthOfOne, $"{table}: what is read of it", "data", "--data", table);
    }

    private static void Refused(string message, params string[] arguments) => Refused(HalfAGigabyte, message, arguments);

    private static void Refused(Dictionary<string, string> limit, string message, params string[] arguments)
    {
        using var process = RunningCommand.Start(arguments, limit);
        var (code, _, error) = RunningCommand.Finish(process);
        Assert.That(code, Is.EqualTo(ExitCode.Memory), error);
        Assert.That(error, Does.StartWith($"hypergrad: {message}").And.Match("takes? about [0-9.E+]+ [MGTP]B of memory, and [0-9.]+ MB are left\\. .*\\.$"));
    }
}
