using System.Xml.Linq;
using Hypergrad.Cli.Reporting.Markup;

namespace Hypergrad.Tests.Cli.Reporting;

[TestFixture]
public sealed class MarkupWriterTests
{
    [Test]
    public void Escape_LeavesNoMarkup() =>
        Assert.That(MarkupWriter.Escape("<a href=\"x\" id='y'>&"), Is.EqualTo("&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;"));

    [TestCase("\0")]
    [TestCase("\u001b")]
    [TestCase("\uFFFE")]
    public void Escape_ReplacesWhatXmlForbids(string text) => Assert.That(MarkupWriter.Escape(text), Is.EqualTo("\uFFFD"));

    [Test]
    public void Escape_ReplacesHalfACharacter() => Assert.That(MarkupWriter.Escape("a\uD800b"), Is.EqualTo("a\uFFFDb"));

    [Test]
    public void TextAndAttributes_ComeBackFromAParser()
    {
        const string text = "a < b && \"c\" 'd' → λ 𝛾";
        var output = new StringWriter();
        var markup = new MarkupWriter(output);
        using (markup.Element("p", ("title", text)))
        {
            markup.TextElement("b", text);
            markup.EmptyElement("br");
        }
        var parsed = XElement.Parse(output.ToString());
        Assert.That(parsed.Attribute("title")!.Value, Is.EqualTo(text));
        Assert.That(parsed.Value, Is.EqualTo(text));
        Assert.That(parsed.Elements().Select(e => e.Name.LocalName), Is.EqualTo(new[] { "b", "br" }));
    }

    [Test]
    public void Stylesheet_HoldsNothingXmlWouldRead() => Assert.That(Stylesheet.Text, Does.Not.Contain("<").And.Not.Contain("&"));
}
