using System.Diagnostics;
using Hypergrad.Cli;
using Hypergrad.Models;
using Hypergrad.Onnx;
using Hypergrad.Tests.Files;

namespace Hypergrad.Tests.Cli;

/// <summary>predict, evaluate and export that are interrupted: the code that is documented, and no half file.</summary>
[TestFixture]
public sealed class ModelInterruptionTests
{
    private TemporaryFolder folder = null!;
    private string table = null!, model = null!, old = null!;

    [SetUp]
    public void MakeModel()
    {
        folder = new TemporaryFolder();
        (table, model) = TableModel.Make(folder);
        Directory.CreateDirectory(folder.File("results"));
        old = folder.Write("results/old", "old");
    }

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    [Platform(Exclude = "Win", Reason = "There are no signals.")]
    public void Signal_EndsIt([Values("predict", "evaluate", "export")] string command, [Values("INT", "TERM")] string signal)
    {
        // Nothing comes out of this pipe, and nobody reads from it.
        string pipe = SpecialFiles.Pipe(folder.File("pipe")), log = folder.File("log");
        string[] arguments = command switch
        {
            "predict" => [command, model, pipe, "--out", old],
            "evaluate" => [command, model, "--data", pipe],
            _ => [command, model, "--onnx", pipe],
        };
        using var process = RunningCommand.Start([.. arguments, "--log", log]);
        var waited = Stopwatch.StartNew();
        while (!File.Exists(log) && waited.Elapsed < TimeSpan.FromMinutes(1))
            Thread.Sleep(50);
        Thread.Sleep(300);
        RunningCommand.Signal(process, signal);
        var (code, output, error) = RunningCommand.Finish(process);
        Assert.That((code, output, error), Is.EqualTo((ExitCode.Interrupted, "", "hypergrad: interrupted.")));
        AssertNothingWritten();
    }

    [Test]
    public void Interrupted_ItWritesNothing([Values("predict", "evaluate", "export")] string command)
    {
        string[] arguments = command switch
        {
            "predict" => [command, model, table, "--out", old],
            "evaluate" => [command, model, "--data", table],
            _ => [command, model, "--onnx", old],
        };
        var (output, error) = (new StringWriter(), new StringWriter());
        int code = CommandLineProgram.Run(arguments, output, error, new CancellationToken(canceled: true));
        Assert.That((code, output.ToString(), error.ToString().Trim()), Is.EqualTo((ExitCode.Interrupted, "", "hypergrad: interrupted.")));
        AssertNothingWritten();
    }

    [Test]
    public void InterruptedBetweenLines_PredictEndsWithAWholeLine([Values("csv", "jsonl")] string format)
    {
        using var source = new CancellationTokenSource();
        using var output = new CancellingWriter(source);
        int code = CommandLineProgram.Run(["predict", model, table, "--format", format], output, new StringWriter(), source.Token);
        Assert.That(code, Is.EqualTo(ExitCode.Interrupted));
        Assert.That(output.ToString(), Does.EndWith("\n"));
        Assert.That(output.ToString().Split('\n'), Has.Length.EqualTo(2));
    }

    [Test]
    public void InterruptedWhileItIsWritten_OnnxFileStaysAsItWas()
    {
        Assert.Throws<OperationCanceledException>(() => OnnxExport.Save(TrainedModel.Load(model), old, new CancellationToken(canceled: true)));
        AssertNothingWritten();
        OnnxExport.Save(TrainedModel.Load(model), old);
        Assert.That(new FileInfo(old).Length, Is.GreaterThan(100));
    }

    private void AssertNothingWritten()
    {
        Assert.That(File.ReadAllText(old), Is.EqualTo("old"));
        Assert.That(Directory.EnumerateFileSystemEntries(folder.File("results")), Is.EqualTo(new[] { old }));
    }

    /// <summary>Is interrupted by the first thing that is written to it.</summary>
    private sealed class CancellingWriter(CancellationTokenSource source) : StringWriter
    {
        public override void Write(string? value)
        {
            base.Write(value);
            source.Cancel();
        }
    }
}
