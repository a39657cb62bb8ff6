using System.Xml.Linq;
using Hypergrad.Runs;

namespace Hypergrad.Tests;

/// <summary>The documentation file beside the library. That every public member is in it, the compiler sees to.</summary>
[TestFixture]
public sealed class DocumentationTests
{
    [Test]
    public void EveryDocumentedMember_HasASummaryWithWordsInIt()
    {
        string[] types = [.. typeof(TrainingRun).Assembly.GetExportedTypes().Select(type => type.FullName!.Replace('+', '.'))];
        var members = XDocument.Load(Path.ChangeExtension(typeof(TrainingRun).Assembly.Location, ".xml")).Descendants("member")
            .Where(member => types.Any(type =>
                (member.Attribute("name")!.Value[2..] + ".").StartsWith(type + ".", StringComparison.Ordinal))).ToArray();
        Assert.That(members, Has.Length.GreaterThan(300));
        var silent = members.Where(member => member.Element("inheritdoc") is null
            && string.IsNullOrWhiteSpace(member.Element("summary")?.Value));
        Assert.That(silent.Select(member => member.Attribute("name")!.Value), Is.Empty);
        var empty = members.SelectMany(member => member.Elements()).Where(part =>
            part.Name.LocalName is "param" or "exception" or "returns" && part.Value.Length == 0);
        Assert.That(empty.Select(part => $"{part.Name} of {part.Parent!.Attribute("name")!.Value}"), Is.Empty);
    }

    [Test]
    public void EveryPublicType_IsDocumented()
    {
        var documented = XDocument.Load(Path.ChangeExtension(typeof(TrainingRun).Assembly.Location, ".xml")).Descendants("member")
            .Select(member => member.Attribute("name")!.Value).ToHashSet();
        var types = typeof(TrainingRun).Assembly.GetExportedTypes();
        Assert.That(types, Has.Length.GreaterThan(40));
        Assert.That(types.Where(type => !documented.Contains("T:" + type.FullName!.Replace('+', '.'))).Select(type => type.FullName),
            Is.Empty);
    }
}
