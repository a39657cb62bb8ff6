namespace Hypergrad.Data;

/// <summary>How files, options and results spell the kinds of normalisation.</summary>
internal static class NormalizationNames
{
    /// <summary>The kinds by name.</summary>
    public static IReadOnlyDictionary<string, NormalizationMode> All { get; } = new Dictionary<string, NormalizationMode>
    {
        ["none"] = NormalizationMode.None,
        ["unit-range"] = NormalizationMode.UnitRange,
        ["standardize"] = NormalizationMode.Standardize,
        ["center"] = NormalizationMode.Center,
    };

    /// <summary>Names that were written once, by encodings and by result.json: they are read, and no longer written.</summary>
    public static IReadOnlyDictionary<string, NormalizationMode> Former { get; } = new Dictionary<string, NormalizationMode>
    {
        ["unitRange"] = NormalizationMode.UnitRange,
        ["unitrange"] = NormalizationMode.UnitRange,
    };

    /// <summary>A kind's name.</summary>
    public static string Of(NormalizationMode mode) => All.First(entry => entry.Value == mode).Key;
}
