using Hypergrad.Wording;

namespace Hypergrad.Tests.Wording;

[TestFixture]
public sealed class QuotedTests
{
    [TestCase("abc", "\"abc\"")]
    [TestCase("", "\"\"")]
    [TestCase("Größe ≤ 3 µm 数", "\"Größe ≤ 3 µm 数\"")]
    [TestCase("a\nb\r\tc", "\"a\\nb\\r\\tc\"")]
    [TestCase("\u001b[31mred\u001b[0m", "\"\\u001B[31mred\\u001B[0m\"")]
    [TestCase("\u0007\0\u007f\u009b", "\"\\u0007\\u0000\\u007F\\u009B\"")]
    [TestCase("\u202egnp.exe\u200b\u2028", "\"\\u202Egnp.exe\\u200B\\u2028\"")]
    [TestCase("\U000E0041", "\"\\U000E0041\"")]
    public void WhatCannotBeSeen_IsWrittenOut(string text, string quoted) => Assert.That(Quoted.Of(text), Is.EqualTo(quoted));

    [Test]
    public void HalfACharacter_BecomesTheReplacement() => Assert.That(Quoted.Name("a\ud800b"), Is.EqualTo("a\ufffdb"));

    [Test]
    public void LongText_IsCut_WithItsLength()
    {
        string text = new('7', 1_000_000);
        Assert.That(Quoted.Of(text), Is.EqualTo($"\"{new string('7', 60)}…\" (1000000 characters)"));
        Assert.That(Quoted.Name(text), Is.EqualTo($"{new string('7', 60)}… (1000000 characters)"));
        Assert.That(Quoted.Path(text), Has.Length.LessThan(600));
        Assert.That(Quoted.Name(text[..60]), Is.EqualTo(text[..60]));
    }

    [Test]
    public void ManyNames_AreCounted() =>
        Assert.That(Quoted.List([.. Enumerable.Range(0, 25).Select(i => $"c{i}")]),
            Does.StartWith("c0, c1, ").And.EndsWith(", c19 and 5 more"));

    [Test]
    public void MessagesOfErrors_AreOneBoundedLineOfVisibleCharacters()
    {
        var error = new DataException("a\u001b[2J\nb" + new string('x', 100_000));
        Assert.That(error.Message, Does.StartWith("a\\u001B[2J\\nb").And.Length.LessThan(4100));
    }
}
