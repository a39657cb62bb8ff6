using Hypergrad.Wording;

namespace Hypergrad.Cli.Options;

/// <summary>Options whose value is one of some names.</summary>
internal static class Choice
{
    /// <summary>What a name stands for.</summary>
    /// <param name="option">The option, for the complaint: "--activation".</param>
    /// <param name="name">What the user wrote.</param>
    /// <param name="choices">What there is.</param>
    /// <exception cref="UsageException">There is no such name; the message gives the nearest one and all of them.</exception>
    public static T Of<T>(string option, string name, IReadOnlyDictionary<string, T> choices)
    {
        if (choices.TryGetValue(name, out var choice))
            return choice;
        string suggestion = NearestName.Find(name, choices.Keys) is { } nearest ? $" Did you mean {nearest}?" : "";
        throw new UsageException($"{option}: there is no {Quoted.Of(name)}.{suggestion} Choose one of {string.Join(", ", choices.Keys)}.");
    }

    /// <summary>The names of an enumeration as options spell them: <c>FullBatch</c> is "full-batch".</summary>
    public static IReadOnlyDictionary<string, T> Names<T>() where T : struct, Enum =>
        Enum.GetValues<T>().ToDictionary(value => string.Concat(value.ToString().Select((letter, place) =>
            char.IsUpper(letter) ? $"{(place > 0 ? "-" : "")}{char.ToLowerInvariant(letter)}" : letter.ToString())));
}
