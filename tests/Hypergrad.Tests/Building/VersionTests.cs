using System.Reflection;
using System.Text.RegularExpressions;

namespace Hypergrad.Tests.Building;

/// <summary>The version stands in version.txt; what cannot read it agrees with it.</summary>
[TestFixture]
public sealed class VersionTests
{
    private static string Version => File.ReadAllText(SourceTree.File("version.txt")).Trim();

    [Test]
    public void Version_IsThatOfTheLibrary()
    {
        Assert.That(Version, Does.Match(@"^[0-9]+\.[0-9]+\.[0-9]+$"));
        string informational = typeof(HypergradException).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        Assert.That(informational.Split('+')[0], Is.EqualTo(Version));
    }

    [TestCase("CITATION.cff", "^version: (.+)$")]
    [TestCase("CHANGELOG.md", @"^## \[([0-9.]+)\]")]
    public void Version_IsThatOfTheFile(string file, string pattern)
    {
        var match = Regex.Match(File.ReadAllText(SourceTree.File(file)).ReplaceLineEndings("\n"), pattern, RegexOptions.Multiline);
        Assert.That(match.Groups[1].Value, Is.EqualTo(Version), file);
    }

    [TestCase("Directory.Build.props")]
    [TestCase("CMakeLists.txt")]
    public void BuildFile_ReadsIt_AndHasNoneOfItsOwn(string file)
    {
        string text = File.ReadAllText(SourceTree.File(file));
        Assert.That(text, Does.Contain("version.txt").And.Not.Contain(Version));
    }

    [Test]
    public void PowerShellScript_HasNoVerbsOfItsOwn()
    {
        string script = File.ReadAllText(SourceTree.File("build.ps1"));
        Assert.That(script, Does.Contain("build.sh").And.Not.Contain("dotnet").And.Not.Contain("cmake"));
    }
}
