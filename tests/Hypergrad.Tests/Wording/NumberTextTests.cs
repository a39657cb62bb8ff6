using System.Globalization;
using Hypergrad.Wording;

namespace Hypergrad.Tests.Wording;

[TestFixture]
public sealed class NumberTextTests
{
    [TestCase("0.25", 0.25)]
    [TestCase("-1e-6", -1e-6)]
    [TestCase("+3", 3)]
    [TestCase(".5", 0.5)]
    public void Numbers_AreRead_WhateverTheLanguage(string text, double expected)
    {
        var before = CultureInfo.CurrentCulture;
        var withCommas = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        withCommas.NumberFormat.NumberDecimalSeparator = ",";
        withCommas.NumberFormat.NumberGroupSeparator = ".";
        CultureInfo.CurrentCulture = withCommas;
        try
        {
            Assert.That(NumberText.TryReal(text, out double value));
            Assert.That(value, Is.EqualTo(expected));
            Assert.That(expected.ToString(CultureInfo.CurrentCulture), Does.Not.Contain("."), "the language has decimal commas");
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Test]
    public void WhatIsNoNumber_IsNotRead(
        [Values("", "0,25", "1,000", "1.000,5", " 1", "1 ", "NaN", "Infinity", "∞", "1e999", "0x10", "1_000", "1'000", "(1)", "$1", "１",
            "1e", "--1")]
        string text)
    {
        Assert.That(NumberText.TryReal(text, out _), Is.False);
        Assert.That(NumberText.TryWhole<int>(text, out _), Is.False);
    }

    [TestCase("1.0")]
    [TestCase("1e3")]
    [TestCase("2147483648")]
    public void WhatIsNoWholeNumber_IsNotReadAsOne(string text) => Assert.That(NumberText.TryWhole<int>(text, out _), Is.False);

    [TestCase("0,25", "decimals are written with a point, not a comma: write 0.25")]
    [TestCase("-0,050", "decimals are written with a point, not a comma: write -0.050")]
    [TestCase("1,5", "decimals are written with a point, not a comma: write 1.5")]
    [TestCase("1,000", "write 1000 without a separator, or 1.000 if the comma is a decimal one")]
    [TestCase("12,345,678", "write 12345678 without separators")]
    [TestCase("1,234.5", "write 1234.5 without separators")]
    [TestCase("0.25", null)]
    [TestCase("abc", null)]
    [TestCase("a,b", null)]
    [TestCase("", null)]
    public void Advice_HasTheRightForm(string text, string? advice) => Assert.That(NumberText.Advice(text), Is.EqualTo(advice));
}
