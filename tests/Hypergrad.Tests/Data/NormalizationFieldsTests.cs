using System.Text;
using System.Text.Json;
using Hypergrad.Data;
using Hypergrad.Json;

namespace Hypergrad.Tests.Data;

/// <summary>Normalisations in files: every kind is read as it was written, and as it was written once.</summary>
[TestFixture]
public sealed class NormalizationFieldsTests
{
    private static readonly Dataset Train = new(new Table([1.0, 5, 3, 5, 4, 5], 2), new Table([1.0, 2, 4], 1));

    [Test]
    public void EveryKind_HasAName_AndIsReadAsItWasWritten([Values] NormalizationMode mode)
    {
        var written = Normalization.Fit(Train, mode);
        string json = Written(written);
        Assert.That(json, Does.Contain($"\"mode\":\"{NormalizationNames.Of(mode)}\""));
        var read = Read(json);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(read.Mode, Is.EqualTo(mode));
            Assert.That(read.Shift, Is.EqualTo(written.Shift));
            Assert.That(read.Scale, Is.EqualTo(written.Scale));
            Assert.That(read.ConstantFeatures, Is.EqualTo(new[] { 1 }));
        }
    }

    // An encoding's first spelling, and result.json's, which did not say which are constant.
    [TestCase("""{"mode":"unitRange","shift":[1],"scale":[0.5],"constantFeatures":[0]}""", 1)]
    [TestCase("""{"mode":"unitrange","shift":[1],"scale":[0.5]}""", 0)]
    public void FormerSpelling_IsRead_AndNoLongerWritten(string former, int constant)
    {
        var read = Field(former);
        Assert.That((read.Mode, read.Shift[0], read.Scale[0]), Is.EqualTo((NormalizationMode.UnitRange, 1d, 0.5)));
        Assert.That(read.ConstantFeatures, Has.Count.EqualTo(constant));
        Assert.That(Written(read), Does.Contain("\"unit-range\""));
    }

    [TestCase("\"unit_range\"", "$.field.mode: there is no \"unit_range\". Did you mean \"unit-range\"? Choose one of none, unit-range, standardize, center.")]
    [TestCase("3", "$.field.mode: 3 is not one of none, unit-range, standardize, center.")]
    public void AnotherKind_IsRefused_WithThoseThatThereAre(string mode, string message) =>
        Refusals.Data(() => Field($$"""{"mode":{{mode}},"shift":[1],"scale":[0.5],"constant":[]}"""), message);

    private static string Written(Normalization normalization)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            NormalizationFields.Write(json, "field", normalization);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static Normalization Field(string value) => Read($"{{\"field\":{value}}}");

    private static Normalization Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        return NormalizationFields.Read(new JsonValue(document.RootElement, "$"), "field", "input")!;
    }
}
