using System.Globalization;
using Hypergrad.Models;

namespace Hypergrad.Cli.Output;

/// <summary>
/// Predictions as CSV: of classes the class and the number of each class, named by it; of a regression a column for each target. Sequences
/// have a line for each position, after the number of the example and its own.
/// </summary>
internal static class CsvPredictions
{
    public static void Write(TextWriter output, Predictions predictions, CancellationToken cancellation)
    {
        bool areSequences = predictions.Positions > 1;
        string[] where = areSequences ? ["example", "position"] : [];
        WriteLine(output, [.. where, .. Columns(predictions)]);
        for (int example = 0; example < predictions.Count; example++)
        {
            cancellation.ThrowIfCancellationRequested();
            for (int position = 0; position < predictions.Positions; position++)
                WriteLine(output, [
                    .. areSequences ? [Text(example), Text(position)] : (string[])[],
                    .. predictions.AreOfClasses ? [predictions.ClassNameOf(example, position)] : (string[])[],
                    .. predictions.Of(example, position).ToArray().Select(Text)]);
        }
    }

    private static IEnumerable<string> Columns(Predictions predictions) => predictions.AreOfClasses
        ? Enumerable.Range(0, predictions.Outputs).Select(predictions.NameOf).Prepend("class")
        : predictions.Outputs == 1 ? ["prediction"]
        : Enumerable.Range(1, predictions.Outputs).Select(number => $"prediction {Text(number)}");

    private static void WriteLine(TextWriter output, string[] fields) => output.Write(string.Join(',', fields.Select(Field)) + "\n");

    private static string Field(string text) => text.AsSpan().IndexOfAny(",\"\r\n") < 0 && text.Trim().Length == text.Length
        ? text
        : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    // As many digits as single precision has.
    private static string Text(double number) => ((float)number).ToString(CultureInfo.InvariantCulture);
}
