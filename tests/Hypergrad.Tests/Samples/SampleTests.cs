using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Hypergrad.Tests.Samples;

/// <summary>The programs of samples/, each run as a user runs it, for a few meta-steps.</summary>
[TestFixture]
public sealed partial class SampleTests
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [TestCase("schedules", "Schedules", "step  50 +[0-9.]+ +[0-9.]+ +[0-9.]+")]
    [TestCase("pixel-penalties", "PixelPenalties", "(^[ .:\\-=+*#]{28}$\\s){28}")]
    [TestCase("distillation", "Distillation", "(^[ .:\\-=+*#]{28}$\\s){28}")]
    [TestCase("hyper-cleaning", "HyperCleaning", "[0-9]+ weights fell; of these examples [0-9]+ have a wrong label")]
    [TestCase("convolution", "ConvolutionAdamW", "initial scale, W4: [0-9.]+")]
    [TestCase("data-weights", "DataWeights", "mean weight of sequences that count [0-9.]+, of noise [0-9.]+")]
    [TestCase("csv-regression", "CsvRegression", "test RMSE [0-9.]+, R² [0-9.]+")]
    [TestCase("meta-optimizer", "OwnMetaOptimizer", "meta-step 3/3: validation loss [0-9.]+")]
    [TestCase("onnx-export", "OnnxExporting", "differ by at most [0-9.]+E-0(0[6-9]|[1-9][0-9])")]
    public void Sample_LowersTheValidationLoss(string name, string program, string says)
    {
        Assert.That(Directory.Exists(SourceTree.File("samples", name)), Is.True, $"samples/{name}");
        string output = Run(program, "3");
        Assert.That(output, Does.Match(new Regex(says, RegexOptions.Multiline)));
        var losses = Losses().Match(output);
        Assert.That(losses.Success, Is.True, output);
        Assert.That(Number(losses.Groups[2].Value), Is.LessThan(Number(losses.Groups[1].Value)));
    }

    [Test]
    public void EverySample_IsRunHere_AndInTheReadme()
    {
        string[] samples = [.. Directory.GetFiles(SourceTree.File("samples"), "*.csproj", SearchOption.AllDirectories)
            .Select(project => Path.GetFileName(Path.GetDirectoryName(project)!)).Order(StringComparer.Ordinal)];
        string[] run = [.. typeof(SampleTests).GetMethod(nameof(Sample_LowersTheValidationLoss))!.GetCustomAttributes(false)
            .OfType<TestCaseAttribute>().Select(attribute => (string)attribute.Arguments[0]!)];
        Assert.That(run, Is.EquivalentTo(samples));
        string readme = File.ReadAllText(SourceTree.File("samples", "README.md"));
        Assert.That(samples.Where(sample => !readme.Contains($"[{sample}]({sample}/Program.cs)", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public void EverySample_IsShort()
    {
        string[] programs = Directory.GetFiles(SourceTree.File("samples"), "Program.cs", SearchOption.AllDirectories);
        Assert.That(programs, Is.Not.Empty);
        Assert.That(programs.Where(program => File.ReadAllLines(program).Length > 65), Is.Empty, "a sample is read as a whole");
    }

    private string Run(string program, params string[] arguments)
    {
        // Beside the tests' own folder, in the configuration that they were built in.
        string own = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar);
        string library = Path.Combine(own, "..", "..", program, Path.GetFileName(own), program + ".dll");
        Assert.That(File.Exists(library), Is.True, $"{library} was not built");
        var start = new ProcessStartInfo("dotnet", [library, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder.Path,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.That((process.ExitCode, error.Result), Is.EqualTo((0, "")), output);
        return output;
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex("^validation loss ([0-9.]+) -> ([0-9.]+)", RegexOptions.Multiline)]
    private static partial Regex Losses();
}
