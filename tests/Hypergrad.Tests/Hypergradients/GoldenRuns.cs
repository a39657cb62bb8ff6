using System.Text.Json;

namespace Hypergrad.Tests.Hypergradients;

/// <summary>
/// Runs whose hypergradients an independent float64 implementation differentiated, beside the tests, in either format. They are named
/// here, so that one that is missing is a failure.
/// </summary>
internal static class GoldenRuns
{
    /// <summary>Those of the first format: perceptrons trained by momentum.</summary>
    public static string[] Format1 { get; } =
        ["gelu-long-run", "logistic-regression", "relu-regression", "soft-targets-sigmoid", "tanh-three-layer"];

    /// <summary>Those of the second format.</summary>
    public static string[] Format2 { get; } =
    [
        "convolution-pool-momentum", "mixed-activations-momentum", "mlp-adam", "nesterov", "pytorch-momentum", "residual-norm-adamw",
        "transformer-adamw",
    ];

    /// <summary>All of them, as paths within the folder.</summary>
    public static string[] Names { get; } = [.. Format1, .. Format2.Select(name => $"Format2/{name}")];

    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "Golden");

    public static string PathOf(string name) => Path.Combine(Folder, name + ".json");

    public static JsonElement Read(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(PathOf(name)));
        return document.RootElement.Clone();
    }
}
