using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Hypergrad.Data;
using Hypergrad.Networks;
using Hypergrad.Onnx;
using Hypergrad.Tests.Models;

namespace Hypergrad.Tests.Readme;

/// <summary>The C# that documents print, in a fresh project of its own: it compiles as it stands, and does what is said of it.</summary>
[TestFixture]
public sealed class ReadmeCodeTests
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public void Readme_CompilesAndRunsAsPrinted()
    {
        string[] blocks = new DocumentBlocks("README.md").Of("csharp");
        Assert.That(blocks, Is.Not.Empty);
        folder.Write("Reader.csproj", Project(OwnLibraries()));
        // Block after block, as a reader goes on with the program; the first alone, to see that it needs none that comes later.
        foreach (string program in new[] { blocks[0], string.Join('\n', blocks) }.Distinct())
            Assert.That(Run(program), Does.Match(@"validation loss [0-9.]+, [0-9]{4,} hypergradients, reversed to the bit: True"));
    }

    [Test]
    public void GettingStarted_CompilesAndRunsAsPrinted()
    {
        folder.Write("Reader.csproj", Project(OwnLibraries()));
        Assert.That(Run(new DocumentBlocks("docs/getting-started.md").Of("csharp").Single()), Does.Match("[0-9]+ ?% of the test digits are read"));
    }

    // The model that the README's commands end with, of a table of two columns and two classes.
    [Test]
    public void OnnxRuntime_RunsTheModelAsPrinted()
    {
        var data = new Dataset(new Table([0f, 1, 2, 3], 2), new Table([1f, 0, 0, 1], 2));
        OnnxExport.Save(
            ModelUnderTest.Of(Network.Mlp([2, 2])) with { InputNormalization = Normalization.Fit(data, NormalizationMode.Standardize) },
            folder.File("model.onnx"));
        folder.Write("Reader.csproj", Project($"""<PackageReference Include="Microsoft.ML.OnnxRuntime" Version="{PackageVersion("Microsoft.ML.OnnxRuntime")}" />"""));
        string output = Run(new DocumentBlocks("README.md").Of("cs").Single());
        Assert.That(output, Does.Match(@"^[01](\.[0-9]+)?(E-[0-9]+)? [01](\.[0-9]+)?(E-[0-9]+)?\s*$"));
        Assert.That(output.Split(' ').Sum(number => double.Parse(number, CultureInfo.InvariantCulture)), Is.EqualTo(1).Within(1e-5));
    }

    // The version that the repository has of a package.
    private static string PackageVersion(string package) => Regex.Match(
        File.ReadAllText(SourceTree.File("Directory.Packages.props")), $"Include=\"{Regex.Escape(package)}\" Version=\"([^\"]+)\"").Groups[1].Value;

    // The library that is being tested in place of its package.
    private static string OwnLibraries() => $"""
        <Reference Include="{typeof(ConfigurationException).Assembly.Location}" />
            <Reference Include="{typeof(Interop.LoadReport).Assembly.Location}" />
            <Reference Include="{typeof(Microsoft.Extensions.Logging.ILogger).Assembly.Location}" />
        """;

    // What `dotnet new console` makes.
    private static string Project(string references) => $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <ImplicitUsings>enable</ImplicitUsings>
            <Nullable>enable</Nullable>
            <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
          </PropertyGroup>
          <ItemGroup>
            {references}
          </ItemGroup>
        </Project>
        """;

    private string Run(string program)
    {
        folder.Write("Program.cs", program);
        return Run("dotnet", "run", "--configuration", "Release", "--project", folder.File("Reader.csproj"));
    }

    private string Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder.Path };
        // What the test's own build and runner have set is none of the reader's.
        foreach (string name in start.Environment.Keys.Where(name => Regex.IsMatch(name, "^(MSBUILD|TESTINGPLATFORM|DOTNET_HOST)", RegexOptions.IgnoreCase)).ToArray())
            start.Environment.Remove(name);
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_NOLOGO"] = "1";
        using var process = Start(start);
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd() + error.Result;
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, output);
        return output;
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Ignore("It takes the .NET SDK to compile what documents print.");
            throw;
        }
    }
}
