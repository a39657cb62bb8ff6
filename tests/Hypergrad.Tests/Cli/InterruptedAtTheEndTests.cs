using System.Text.Json;
using Hypergrad.Cli;

namespace Hypergrad.Tests.Cli;

/// <summary>A tuning that is interrupted after its last meta-step, while metasmoothness is measured.</summary>
[TestFixture]
public sealed class InterruptedAtTheEndTests
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public void MetaStepsAreKept_AndResumingMeasuresAlone()
    {
        string[] tune = [.. CommandLine.Quick, "--metasmoothness", "--out", folder.Path];
        using var source = new CancellationTokenSource();
        using var output = new AtText(" meta-steps in ", source.Cancel);
        var error = new StringWriter();
        int code = CommandLineProgram.Run(tune, output, error, source.Token);
        Assert.That((code, error.ToString().Trim()), Is.EqualTo(
            (ExitCode.Interrupted, "hypergrad: interrupted. What was done is kept; go on with --resume.")));
        Assert.That(output.ToString(), Does.Contain("2 meta-steps in ").And.Not.Contain("Metasmoothness"));
        Assert.That(Directory.EnumerateFiles(folder.Path).Select(Path.GetFileName), Is.EqualTo(new[] { "tuning.state" }));

        Assert.That(CommandLine.Succeed([.. tune, "--resume"]), Does.Contain("Going on after meta-step 2.").And.Contain("Metasmoothness for steps of ")
            .And.Not.Contain("meta-step 1/2"));
        using var result = JsonDocument.Parse(File.ReadAllText(folder.File("result.json")));
        Assert.That(result.RootElement.GetProperty("metaSteps").GetArrayLength(), Is.EqualTo(3));
        Assert.That(result.RootElement.GetProperty("metasmoothness").GetProperty("asLearned").GetDouble(), Is.InRange(-1, 1));
    }

    [Test]
    public void WithoutAFolder_NothingIsSaidToBeKept()
    {
        using var source = new CancellationTokenSource();
        using var output = new AtText(" meta-steps in ", source.Cancel);
        var error = new StringWriter();
        int code = CommandLineProgram.Run([.. CommandLine.Quick, "--metasmoothness"], output, error, source.Token);
        Assert.That((code, error.ToString().Trim()), Is.EqualTo(
            (ExitCode.Interrupted, "hypergrad: interrupted. Nothing was kept: without --out there is no folder to keep it in.")));
    }

    /// <summary>Does something once a text was written to it, be it in parts.</summary>
    private sealed class AtText(string text, Action action) : StringWriter
    {
        private int told;

        public override void Write(char value)
        {
            base.Write(value);
            Look();
        }

        public override void Write(string? value)
        {
            base.Write(value);
            Look();
        }

        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            Look();
        }

        private void Look()
        {
            if (ToString().Contains(text, StringComparison.Ordinal) && told++ == 0)
                action();
        }
    }
}
