using System.Text;
using Hypergrad.Data;

namespace Hypergrad.Experiments.Papers;

/// <summary>
/// Documents for a language model of characters: sentences of a small grammar, and such whose words have had their letters shuffled, so
/// that both have the same letters and the same lengths of words.
/// </summary>
/// <param name="seed">Of the sentences.</param>
/// <param name="length">Characters of a document; what the model reads is one more, the last one of which it only has to predict.</param>
internal sealed class DocumentMaker(ulong seed, int length)
{
    /// <summary>The characters there are; a token is a place in this text.</summary>
    public const string Characters = " .abcdefghijklmnopqrstuvwxyz";

    private static readonly string[] Articles = ["the", "a", "one", "every"];

    private static readonly string[] Adjectives = ["old", "small", "quiet", "red", "young", "slow"];

    private static readonly string[] Nouns = ["river", "cat", "house", "child", "garden", "train", "road", "bird", "stone", "letter"];

    private static readonly string[] Verbs = ["sees", "finds", "follows", "hears", "leaves", "knows"];

    private readonly Random random = new(unchecked((int)seed));

    /// <summary>A document of sentences.</summary>
    public string Clean()
    {
        var text = new StringBuilder();
        while (text.Length <= length)
            text.Append($"{Thing()} {Pick(Verbs)} {Thing()}. ");
        return text.ToString()[..(length + 1)];
    }

    /// <summary>The same with the letters of every word shuffled.</summary>
    public string Shuffled() => string.Join(' ', Clean().Split(' ').Select(word =>
    {
        char[] letters = word.ToCharArray();
        random.Shuffle(letters);
        return new string(letters);
    }));

    /// <summary>Documents as a dataset: every character predicts the next one.</summary>
    public static Dataset ToDataset(IReadOnlyList<string> documents)
    {
        int length = documents[0].Length - 1;
        float[] Tokens(int from) =>
            [.. documents.SelectMany(text => text.Substring(from, length).Select(letter => (float)Characters.IndexOf(letter)))];
        return new(new Table(Tokens(0), length, "input"), new Table(Tokens(1), length, "target")) { HasClassTargets = true };
    }

    private string Thing() => random.Next(2) == 0
        ? $"{Pick(Articles)} {Pick(Nouns)}"
        : $"{Pick(Articles)} {Pick(Adjectives)} {Pick(Nouns)}";

    private string Pick(string[] words) => words[random.Next(words.Length)];
}
