using System.Text.Json;

namespace Hypergrad.Tests.Hypergradients;

/// <summary>
/// Runs whose hypergradients an independent float64 implementation differentiated, beside the tests. They are named here, so that one that
/// is missing is a failure.
/// </summary>
internal static class GoldenRuns
{
    public static string[] Names { get; } = ["gelu-long-run", "logistic-regression", "relu-regression", "soft-targets-sigmoid", "tanh-three-layer"];

    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "Golden");

    public static string PathOf(string name) => Path.Combine(Folder, name + ".json");

    public static JsonElement Read(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(PathOf(name)));
        return document.RootElement.Clone();
    }
}
