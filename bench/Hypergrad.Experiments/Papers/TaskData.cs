using Hypergrad.Data;

namespace Hypergrad.Experiments.Papers;

/// <summary>
/// Tasks side by side, each to tell the characters of one alphabet apart. An example has a picture of every task, [tasks × pixels], and a
/// class number for each. Drawers are split, so that nobody's hand is both learned and judged.
/// </summary>
/// <param name="Names">The tasks.</param>
/// <param name="Train">Of the first half of the drawers.</param>
/// <param name="Validation">Of the third quarter.</param>
/// <param name="Test">Of the last.</param>
internal sealed record TaskData(string[] Names, Dataset Train, Dataset Validation, Dataset Test)
{
    /// <summary>Joins tasks; of each alphabet as many characters and drawers as the smallest has.</summary>
    public static TaskData Of(IReadOnlyList<Alphabet> tasks, ulong seed)
    {
        int characters = tasks.Min(task => task.Pictures.Length);
        int drawers = tasks.Min(task => task.Pictures.Min(pictures => pictures.Length));
        int half = drawers / 2, threeQuarters = 3 * drawers / 4;
        var random = new Random(unchecked((int)seed));
        return new([.. tasks.Select(task => task.Name)], Part(0, half), Part(half, threeQuarters), Part(threeQuarters, drawers));

        // Each task in an order of its own.
        Dataset Part(int from, int to)
        {
            int examples = characters * (to - from), pixels = tasks[0].Pictures[0][0].Length;
            var inputs = new float[examples * tasks.Count * pixels];
            var targets = new float[examples * tasks.Count];
            for (int task = 0; task < tasks.Count; task++)
            {
                int[] order = [.. Enumerable.Range(0, examples)];
                random.Shuffle(order);
                for (int example = 0; example < examples; example++)
                {
                    var (character, drawer) = (order[example] % characters, from + order[example] / characters);
                    tasks[task].Pictures[character][drawer].CopyTo(inputs, (example * tasks.Count + task) * pixels);
                    targets[example * tasks.Count + task] = character;
                }
            }
            return new(new Table(inputs, tasks.Count * pixels, "input"), new Table(targets, tasks.Count, "target"))
            {
                HasClassTargets = true,
            };
        }
    }

    /// <summary>How many classes a task has.</summary>
    public int Classes => 1 + (int)Train.Targets.ToArray().Max();
}
