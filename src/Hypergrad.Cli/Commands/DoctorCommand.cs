using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Hypergrad.Backends;
using Hypergrad.Backends.Managed;
using Hypergrad.Cli.Output;
using Hypergrad.Data;
using Hypergrad.Hypergradients;
using Hypergrad.Hyperparameters;
using Hypergrad.Networks;
using Hypergrad.Optimizers;
using Hypergrad.Runs;
using Spectre.Console;
using Table = Spectre.Console.Table;

namespace Hypergrad.Cli.Commands;

/// <summary><c>hypergrad doctor</c>: what this machine computes with, what was looked for, and whether a reversal is exact on it.</summary>
internal static class DoctorCommand
{
    public static Command Create(CommandOutput output)
    {
        var command = new Command("doctor", "Show what this machine computes with, and check that it does so exactly.");
        command.SetAction(_ => Run(output));
        return command;
    }

    private static int Run(CommandOutput output)
    {
        var rows = new List<(string Key, string Value)>();
        void Row(string key, string value) => rows.Add((key, value));
        Row("hypergrad", Product.Version);
        Row("runtime", $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier}");
        Row("processors", Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture));
        Row("instruction sets", InstructionSets());
        Row("vectors computed as", ManagedBackend.InstructionSet);
        Row("managed backend", Backend.Managed.Description);
        foreach (var (key, value) in NativeFacts.All())
            Row(key, value);
        Row("--backend auto", Backend.Best().Name);
        var report = Check();
        Row("self-check", $"a short training reversed {(report.Exact ? "to the bit" : "NOT EXACTLY")}, gradient "
            + $"{(report.Agrees ? "equal to" : "DIFFERENT FROM")} the stored method's");
        var table = new Table().HideHeaders().AddColumns("", "");
        foreach (var (key, value) in rows)
            table.AddRow(Markup.Escape(key), Markup.Escape(value));
        Terminal.On(output).Write(table);
        output.WriteJson(json =>
        {
            json.WriteStartObject();
            foreach (var (key, value) in rows)
                json.WriteString(key, value);
            json.WriteBoolean("reversedExactly", report.Exact);
            json.WriteBoolean("gradientAgrees", report.Agrees);
            json.WriteEndObject();
        });
        return report is { Exact: true, Agrees: true } ? ExitCode.Success : ExitCode.NotExact;
    }

    private static string InstructionSets() => string.Join(", ", new (string Name, bool Has)[]
    {
        ("AVX-512", Avx512F.IsSupported), ("AVX2", Avx2.IsSupported), ("FMA", Fma.IsSupported), ("AVX", Avx.IsSupported),
        ("SSE4.2", Sse42.IsSupported), ("NEON", AdvSimd.IsSupported), ("128-bit vectors", Vector128.IsHardwareAccelerated),
    }.Where(set => set.Has).Select(set => set.Name));

    private static (bool Exact, bool Agrees) Check()
    {
        var data = Digits.Generate(256).Split(0.5, 0.5, 0);
        var run = new TrainingRun(Network.Mlp([784, 16, 10]), data.Train, new HyperparameterSet
        {
            Optimizer = new Momentum
            {
                LearningRate = Schedule.PerStep(20, Sharing.Tensor, 0.1),
                Coefficient = Schedule.PerStep(20, Sharing.Tensor, 0.9),
            },
        })
        { BatchSize = 32 };
        var options = new HypergradientOptions { Precision = Precision.Double };
        var exact = Hypergradient.Exact(run, data.Validation, options);
        var stored = Hypergradient.Stored(run, data.Validation, options);
        var accuracy = GradientAccuracy.Of(Quantity.LearningRate, exact.Coordinates, stored.Coordinates);
        return (exact.Reversal!.Exact, accuracy.RelativeError < 1e-6);
    }
}
