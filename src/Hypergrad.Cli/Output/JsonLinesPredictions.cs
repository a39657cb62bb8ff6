using System.Text;
using System.Text.Json;
using Hypergrad.Models;

namespace Hypergrad.Cli.Output;

/// <summary>
/// Predictions as JSON, one object a line: {"class": "setosa", "outputs": {"setosa": 0.9, …}} for classes, {"prediction": 1.5} for a
/// regression, an array of numbers where it has several targets; for sequences an array of those, {"positions": […]}.
/// </summary>
internal static class JsonLinesPredictions
{
    public static void Write(TextWriter output, Predictions predictions, CancellationToken cancellation)
    {
        for (int example = 0; example < predictions.Count; example++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var line = new MemoryStream();
            using (var json = new Utf8JsonWriter(line))
                WriteExample(json, predictions, example);
            output.Write(Encoding.UTF8.GetString(line.GetBuffer(), 0, (int)line.Length) + "\n");
        }
    }

    private static void WriteExample(Utf8JsonWriter json, Predictions predictions, int example)
    {
        if (predictions.Positions == 1)
        {
            WritePrediction(json, predictions, example, 0);
            return;
        }
        json.WriteStartObject();
        json.WriteStartArray("positions");
        for (int position = 0; position < predictions.Positions; position++)
            WritePrediction(json, predictions, example, position);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WritePrediction(Utf8JsonWriter json, Predictions predictions, int example, int position)
    {
        var outputs = predictions.Of(example, position);
        json.WriteStartObject();
        if (predictions.AreOfClasses)
        {
            json.WriteString("class", predictions.ClassNameOf(example, position));
            json.WriteStartObject("outputs");
            for (int c = 0; c < outputs.Length; c++)
                json.WriteNumber(predictions.NameOf(c), (float)outputs[c]);
            json.WriteEndObject();
        }
        else if (outputs.Length == 1)
            json.WriteNumber("prediction", (float)outputs[0]);
        else
        {
            json.WriteStartArray("prediction");
            foreach (double output in outputs)
                json.WriteNumberValue((float)output);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }
}
