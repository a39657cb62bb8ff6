using System.Text.Json.Nodes;

namespace Hypergrad.Tests.Cli;

/// <summary>A run file of a few numbers: 2-3-2, four examples, three steps.</summary>
internal static class ExplicitRuns
{
    public static JsonObject Small() => JsonNode.Parse("""
        {
          "layers": [2, 3, 2], "activation": "tanh", "loss": "softmax-cross-entropy", "groups": "tensor",
          "train": { "inputs": [[0.5, -1], [1, 0.25], [-0.75, 1], [0.1, 0.2]], "targets": [[1, 0], [0, 1], [1, 0], [0.3, 0.7]], "weights": [1, 0.5, 2, 1] },
          "validation": { "inputs": [[0.4, -0.6], [-1, 1]], "targets": [[1, 0], [0, 1]] },
          "batches": [[0, 1], [2, 3], [1, 1]],
          "initialWeights": [0.1, -0.2, 0.3, 0.05, 0.15, -0.25, 0.01, 0.02, 0.03, 0.2, -0.1, 0.4, 0.3, -0.3, 0.1, 0.05, -0.05],
          "learningRate": [[0.1, 0.2, 0.3, 0.4], [0.1, 0.2, 0.3, 0.4], [0.2, 0.2, 0.2, 0.2]],
          "momentum": [[0.9, 0.8, 0.7, 0.6], [0.5, 0.5, 0.5, 0.5], [0.9, 0.9, 0.9, 0.9]],
          "l2": [0.01, 0.01, 0.01, 0.01, 0.01, 0.01, 0.01, 0.01, 0.01, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02],
          "l1": [0.001, 0.001, 0.001, 0.001, 0.001, 0.001, 0.001, 0.001, 0.001, 0.001, 0.001, 0.001, 0.001, 0.001, 0.001, 0.001, 0.001]
        }
        """)!.AsObject();
}
