using System.Text.Json;
using System.Text.Json.Serialization;
using Hypergrad.Experiments.Running;

namespace Hypergrad.Experiments.Pages;

/// <summary>
/// What a page shows, as a JSON file beside it: pages and indexes are drawn again from it, without running the experiment another time.
/// </summary>
internal static class PageFile
{
    private static readonly JsonSerializerOptions Options = new()
    {
        IncludeFields = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        IgnoreReadOnlyProperties = true,
    };

    private sealed record Content(string Experiment, Study Study, IReadOnlyList<(string Name, string Value)> Facts);

    /// <summary>Writes NAME.json into a folder.</summary>
    public static void Save(string folder, Page page) => File.WriteAllText(
        Place(folder, page.Experiment), JsonSerializer.Serialize(new Content(page.Name, page.Study, page.Facts), Options));

    /// <summary>The pages that a folder has, in the order of the index.</summary>
    /// <exception cref="DataException">A file is none that this version wrote.</exception>
    public static IReadOnlyList<Page> LoadAll(string folder) =>
    [
        .. ExperimentCatalogue.All.Where(experiment => File.Exists(Place(folder, experiment)))
            .Select(experiment => Load(folder, experiment)),
    ];

    private static Page Load(string folder, Experiment experiment)
    {
        string path = Place(folder, experiment);
        try
        {
            if (JsonSerializer.Deserialize<Content>(File.ReadAllText(path), Options) is { Study: not null, Facts: not null } content)
                return new(experiment, content.Study, content.Facts);
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
        }
        throw new DataException($"{path} is no page that this version wrote; run the experiment {experiment.Name} again.");
    }

    private static string Place(string folder, Experiment experiment) => Path.Combine(folder, experiment.Name + ".json");
}
