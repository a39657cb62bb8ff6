using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Hypergrad.Tests.Readme;

/// <summary>The C# that README.md prints, in a fresh project of its own: it compiles as it stands, and does what is said of it.</summary>
[TestFixture]
public sealed class ReadmeCodeTests
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public void Code_CompilesAndRunsAsPrinted()
    {
        string[] blocks = ReadmeBlocks.Of("csharp");
        Assert.That(blocks, Is.Not.Empty);
        folder.Write("Reader.csproj", Project());
        // Block after block, as a reader goes on with the program; the first alone, to see that it needs none that comes later.
        foreach (string program in new[] { blocks[0], string.Join('\n', blocks) }.Distinct())
        {
            folder.Write("Program.cs", program);
            string output = Run("dotnet", "run", "--configuration", "Release", "--project", folder.File("Reader.csproj"));
            Assert.That(output, Does.Match(@"validation loss [0-9.]+, [0-9]{4,} hypergradients, reversed to the bit: True"));
        }
    }

    // What `dotnet new console` makes, with the library that is being tested in place of its package.
    private static string Project() => $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <ImplicitUsings>enable</ImplicitUsings>
            <Nullable>enable</Nullable>
            <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
          </PropertyGroup>
          <ItemGroup>
            <Reference Include="{typeof(ConfigurationException).Assembly.Location}" />
            <Reference Include="{typeof(Interop.LoadReport).Assembly.Location}" />
            <Reference Include="{typeof(Microsoft.Extensions.Logging.ILogger).Assembly.Location}" />
          </ItemGroup>
        </Project>
        """;

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
            Assert.Ignore("It takes the .NET SDK to compile what README.md prints.");
            throw;
        }
    }
}
