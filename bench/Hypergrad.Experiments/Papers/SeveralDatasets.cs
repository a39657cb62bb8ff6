using Hypergrad.Data;
using Hypergrad.Experiments.Running;

namespace Hypergrad.Experiments.Papers;

/// <summary>A classification problem.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Train">Training examples.</param>
/// <param name="Validation">Those that guide.</param>
/// <param name="Test">Those that judge.</param>
internal sealed record Problem(string Name, Dataset Train, Dataset Validation, Dataset Test);

/// <summary>Problems that have little in common but that networks learn them.</summary>
internal static class SeveralDatasets
{
    /// <summary>Makes them, the images, the last, from the laboratory.</summary>
    public static Problem[] Make(Laboratory laboratory)
    {
        int train = laboratory.Pick(150, 400, 2000), held = laboratory.Pick(150, 400, 1000);
        int side = laboratory.Pick(8, 12, 12), classes = laboratory.Pick(5, 10, 20);
        var (images, guide, judge) = laboratory.Images(train, held, held);
        return
        [
            Cut("drawn characters", Characters(side, classes, (train + 2 * held) / classes + 1, laboratory.Seed)),
            Cut("clusters", Clusters(train + 2 * held, inputs: 12, classes: 4, laboratory.Seed + 1)),
            Cut("a network's answers", Answers(train + 2 * held, inputs: 20, classes: 5, laboratory.Seed + 2)),
            new(laboratory.DataFolder is null ? "digits" : "the images", images, guide, judge),
        ];

        Problem Cut(string name, Dataset data)
        {
            var split = data.Split(train, held, held, laboratory.Seed);
            return new(name, split.Train, split.Validation, split.Test!);
        }
    }

    private static Dataset Characters(int side, int classes, int drawers, ulong seed)
    {
        var alphabet = GeneratedAlphabets.Make(1, classes, drawers, side, seed)[0];
        return Of([.. alphabet.Pictures.Index().SelectMany(
            character => character.Item.Select(picture => (picture, character.Index)))], classes);
    }

    // Two clusters of each class, of unlike widths.
    private static Dataset Clusters(int count, int inputs, int classes, ulong seed)
    {
        var random = new Random(unchecked((int)seed));
        float[][] centres = [.. Enumerable.Range(0, 2 * classes).Select(_ => Normals(random, inputs))];
        return Of([.. Enumerable.Range(0, count).Select(_ =>
        {
            int cluster = random.Next(centres.Length);
            float width = cluster % 2 == 0 ? 0.5f : 1;
            return (Normals(random, inputs).Zip(centres[cluster], (noise, centre) => centre + width * noise).ToArray(), cluster / 2);
        })], classes);
    }

    // The label is the largest output of a random network.
    private static Dataset Answers(int count, int inputs, int classes, ulong seed)
    {
        const int Hidden = 8;
        var random = new Random(unchecked((int)seed));
        float[][] first = [.. Enumerable.Range(0, Hidden).Select(_ => Normals(random, inputs))];
        float[][] second = [.. Enumerable.Range(0, classes).Select(_ => Normals(random, Hidden))];
        return Of([.. Enumerable.Range(0, count).Select(_ =>
        {
            float[] input = Normals(random, inputs);
            float[] hidden = [.. first.Select(row => MathF.Tanh(row.Zip(input, (weight, x) => weight * x).Sum() / 2))];
            float[] outputs = [.. second.Select(row => row.Zip(hidden, (weight, x) => weight * x).Sum())];
            return (input, Array.IndexOf(outputs, outputs.Max()));
        })], classes);
    }

    private static Dataset Of((float[] Input, int Class)[] examples, int classes)
    {
        var targets = new float[examples.Length * classes];
        for (int example = 0; example < examples.Length; example++)
            targets[example * classes + examples[example].Class] = 1;
        return new(new Table([.. examples.SelectMany(example => example.Input)], examples[0].Input.Length, "input"),
            new Table(targets, classes, "target"));
    }

    private static float[] Normals(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ =>
        (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())))];
}
