using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Hypergrad.Cli;

namespace Hypergrad.Tests.Readme;

[TestFixture]
public sealed class ReadmeExitCodeTests
{
    [Test]
    public void EveryExitCode_IsInTheReadme_AndNoOther()
    {
        var written = Regex.Matches(File.ReadAllText(SourceTree.File("README.md")), @"^\| ([0-9]+) \| ", RegexOptions.Multiline)
            .Select(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));
        var codes = typeof(ExitCode).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (int)field.GetRawConstantValue()!);
        Assert.That(written, Is.EqualTo(codes));
    }
}
