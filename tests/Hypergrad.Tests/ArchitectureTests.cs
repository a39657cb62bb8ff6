using System.Text.RegularExpressions;
using Hypergrad.Networks;
using Hypergrad.Optimizers;

namespace Hypergrad.Tests;

/// <summary>Who may know whom: the house keeps its shape (section 3 of the design).</summary>
[TestFixture]
public sealed class ArchitectureTests
{
    private static readonly string[] Utilities = ["Files", "Wording"];
    private static readonly string[] Foundation = [.. Utilities, "Arithmetic", "Networks", "Data"];
    private static readonly string[] Descriptions = [.. Foundation, "Hyperparameters", "Optimizers", "Runs"];
    private static readonly string[] Sweeps = [.. Descriptions, "Backends", "Trajectories"];

    // Wording and Files, of words in messages and of what is read and written, are below all that read and write. Data gives Networks its
    // random numbers; Json stands at the side, for the rooms that read and write files of it.
    private static readonly Dictionary<string, string[]> Known = new()
    {
        ["Arithmetic"] = [],
        ["Wording"] = [],
        ["Observability"] = [],
        ["Files"] = ["Wording"],
        ["Json"] = Utilities,
        ["Data"] = [.. Utilities, "Json"],
        ["Networks"] = ["Data", .. Utilities],
        ["Hyperparameters"] = Foundation,
        ["Optimizers"] = [.. Foundation, "Hyperparameters"],
        ["Runs"] = Descriptions,
        ["Backends"] = [.. Descriptions, "Interop"],
        ["Trajectories"] = [.. Sweeps, "Observability"],
        ["Hypergradients"] = [.. Sweeps, "Observability"],
        ["MetaOptimization"] = [.. Sweeps, "Hypergradients", "Json", "Observability"],
        ["Planning"] = [.. Sweeps, "Hypergradients"],
        ["RunFormat"] = [.. Sweeps, "Hypergradients", "Json"],
        ["Models"] = [.. Sweeps, "Hypergradients", "Json", "MetaOptimization", "Observability", "RunFormat"],
    };

    private static readonly string[] Implementations = ["Backends.Managed", "Backends.Native"];

    private const string SumsOfIntegers = "HashVectors.cs";

    private static string[] Rooms() => [.. Known.Keys];

    [TestCaseSource(nameof(Rooms))]
    public void Room_KnowsOnlyWhomItMay(string room)
    {
        string folder = SourceTree.File("src", "Hypergrad", room);
        string[] files = Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories);
        Assert.That(files, Is.Not.Empty);
        var forbidden = from file in files
                        from other in Knows(File.ReadAllText(file))
                        let name = other.Split('.')[0]
                        where name != room && !Known[room].Contains(name)
                        select $"{Path.GetRelativePath(folder, file)} knows {other}";
        Assert.That(forbidden, Is.Empty);
    }

    [Test]
    public void EveryRoom_HasItsRule() => Assert.That(
        Directory.GetDirectories(SourceTree.File("src", "Hypergrad")).Select(Path.GetFileName).Except(["bin", "obj"]),
            Is.EquivalentTo(Known.Keys));

    // The algorithms are written over the interfaces.
    [Test]
    public void OnlyTheChoiceOfABackend_KnowsImplementations()
    {
        string folder = SourceTree.File("src", "Hypergrad");
        var knowing = from file in Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories)
                      let name = Path.GetRelativePath(folder, file)
                      where !Implementations.Any(room =>
                          name.StartsWith(room.Replace('.', Path.DirectorySeparatorChar), StringComparison.Ordinal))
                      where Knows(File.ReadAllText(file)).Any(other =>
                          Implementations.Any(implementation => other.StartsWith(implementation, StringComparison.Ordinal)))
                      select name;
        Assert.That(knowing, Is.EqualTo(new[] { Path.Combine("Backends", "Backend.cs") }));
    }

    // They know operations: a new layer touches none of them.
    [Test]
    public void Backends_NameNoLayer() => Assert.That(NamedInBackends(LayersNamed), Is.Empty);

    // They know updates: a new optimizer out of these touches none of them.
    [Test]
    public void Backends_NameNoOptimizer() => Assert.That(NamedInBackends(OptimizersNamed), Is.Empty);

    [Test]
    public void NamesOfLayersAndOptimizers_AreSeen()
    {
        Assert.That(TypesUnder<Layer>(), Is.SupersetOf(new[] { "Dense", "Convolution", "Residual", "SelfAttention", "Positions" }));
        Assert.That(TypesUnder<Optimizer>(), Is.EquivalentTo(new[] { "Momentum", "VelocityOptimizer", "AdamW", "Nesterov" }));
        Assert.That(
            LayersNamed("if (network.Layers[0] is Dense dense) // a Flatten\n    new Positions();\nvar x = shape.Positions; Convolution "
                + "y;"),
            Is.EquivalentTo(new[] { "Layers", "Dense", "Positions", "Convolution" }));
        Assert.That(
            OptimizersNamed("/// <see cref=\"AdamW\"/>\nQuantity.Momentum; x is Nesterov; OptimizerKinds.All; new "
                + "Hypergrad.Optimizers.AdamW()"),
            Is.EquivalentTo(new[] { "Nesterov", "OptimizerKinds", "AdamW" }));
    }

    [Test]
    public void OnlyTheNativeBackend_KnowsTheBindings()
    {
        string folder = SourceTree.File("src", "Hypergrad", "Backends");
        var knowing = Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(file => Knows(File.ReadAllText(file)).Any(other => other.Split('.')[0] == "Interop"))
            .Select(file => Path.GetRelativePath(folder, file).Split(Path.DirectorySeparatorChar)[0]);
        Assert.That(knowing.Distinct(), Is.EqualTo(new[] { "Native" }));
    }

    private static IEnumerable<string> NamedInBackends(Func<string, IEnumerable<string>> named)
    {
        string folder = SourceTree.File("src", "Hypergrad", "Backends");
        string[] files = Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories);
        Assert.That(files, Is.Not.Empty);
        return from file in files
               from name in named(File.ReadAllText(file))
               select $"{Path.GetRelativePath(folder, file)} names {name}";
    }

    // Positions is also how many there are; as a layer it is made, or asked for.
    private static IEnumerable<string> LayersNamed(string source) => TypesNamed(
        source, [.. TypesUnder<Layer>().Except(["Positions"]), "LayerKinds"], @"\b(?:new|is|as|case|typeof\()\s*Positions\b|\.Layers\b");

    // Momentum is also a quantity.
    private static IEnumerable<string> OptimizersNamed(string source) =>
        TypesNamed(source, [.. TypesUnder<Optimizer>(), "OptimizerKinds"], "(?!)");

    private static IEnumerable<string> TypesNamed(string source, IEnumerable<string> types, string more) =>
        Regex.Matches(Regex.Replace(source, "//.*", ""),
            $@"(?<![.\w])(?:Hypergrad\.)?(?:(?:Networks|Optimizers)\.)?(?:{string.Join('|', types)})\b|{more}")
            .Select(match => match.Value.Split('.', ' ', '(')[^1]).Distinct();

    private static IEnumerable<string> TypesUnder<T>() =>
        typeof(T).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(T))).Select(type => type.Name);

    // Exp, Sum, MultiplyAddEstimate and their like round as the runtime sees fit, which it may see otherwise when it compiles a method
    // anew.
    [Test]
    public void ManagedKernels_LeaveNoRoundingToTheRuntime()
    {
        string folder = SourceTree.File("src", "Hypergrad", "Backends", "Managed");
        var left = from file in Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories)
                   where Path.GetFileName(file) != SumsOfIntegers
                   from use in RoundedByTheRuntime(File.ReadAllText(file))
                   select $"{Path.GetRelativePath(folder, file)} uses {use}";
        Assert.That(left, Is.Empty);
    }

    [Test]
    public void RoundingLeftToTheRuntime_IsSeen() => Assert.That(
        RoundedByTheRuntime("Vector512.Sum(x) + Vector128.MultiplyAddEstimate(a, b, c) + double.ReciprocalEstimate(x) + Lanes.Sum(x)"),
        Is.EqualTo(new[] { "Vector512.Sum", "Vector128.MultiplyAddEstimate", "double.ReciprocalEstimate" }));

    private static IEnumerable<string> RoundedByTheRuntime(string source) =>
        Regex.Matches(source, @"\b(?:Vector(?:64|128|256|512|)\.(?:Sum|Dot|Exp|Log|Log2|Sin|Cos|SinCos|Hypot)|"
            + @"[A-Za-z0-9]+\.[A-Za-z]*Estimate)\b")
            .Select(match => match.Value);

    [Test]
    public void Knowledge_IsSeenInDirectivesAndInNamesWrittenInFull() => Assert.That(
        Knows("using System.Text;\nusing Hypergrad.Backends.Managed;\nusing Rows = Hypergrad.Data.Table;\nvar set = new "
            + "Hyperparameters.HyperparameterSet();\nHypergrad.Runs.Sampling s;"),
        Is.SupersetOf(new[] { "Backends.Managed", "Data.Table", "Hyperparameters.HyperparameterSet", "Runs.Sampling" }));

    // As .editorconfig has it; what a tool writes is its own affair.
    // One that returns before it has asserted anything would count as passed: it is to be skipped, with the reason.
    [Test]
    public void Tests_DoNotReturnEarly()
    {
        const string early = @"^        (if|else)\b[^\n]*\n\s*(\{\s*)?return;";
        var found = from file in Directory.GetFiles(SourceTree.File("tests", "Hypergrad.Tests"), "*.cs", SearchOption.AllDirectories)
                    let text = File.ReadAllText(file).ReplaceLineEndings("\n")
                    where text.Contains("[Test", StringComparison.Ordinal) && Regex.IsMatch(text, early, RegexOptions.Multiline)
                    select Path.GetFileName(file);
        Assert.That(found, Is.Empty, "Assert.Ignore says why nothing is tested");
    }

    [Test]
    public void Sources_HaveNoLineOfMoreThan140Columns()
    {
        string folder = SourceTree.File("src"), generated = Path.DirectorySeparatorChar + "Generated" + Path.DirectorySeparatorChar;
        var tooLong = from file in Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories)
                      where !file.Contains(generated, StringComparison.Ordinal)
                      from line in File.ReadAllLines(file).Index()
                      where line.Item.Length > 140
                      select $"{Path.GetRelativePath(folder, file)}:{line.Index + 1}";
        Assert.That(tooLong, Is.Empty);
    }

    // Directives, and names written in full: Hypergrad.Data, or Data.Table from within the house.
    private static IEnumerable<string> Knows(string source) =>
        Regex.Matches(source, "^(?:global )?using (?:static |[A-Za-z]+ = )?Hypergrad\\.([A-Za-z.]+);", RegexOptions.Multiline)
            .Concat(Regex.Matches(source, $"(?<![A-Za-z.])(?:global::)?(?:Hypergrad\\.)?"
                + $"((?:{string.Join('|', Known.Keys)})\\.[A-Z][A-Za-z.]*)(?=[ (;<?\\[,)])"))
            .Select(match => match.Groups[1].Value);
}
