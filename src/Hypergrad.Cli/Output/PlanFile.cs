using System.Text.Json;
using Hypergrad.MetaOptimization;
using Hypergrad.Planning;

namespace Hypergrad.Cli.Output;

/// <summary>Writes a plan as JSON: every method in seconds, bytes and operations, the choice, and the calibration.</summary>
internal static class PlanFile
{
    public static void Write(Stream output, RunPlan plan, TuningOptions? tuning)
    {
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true });
        Write(json, plan, tuning);
    }

    /// <summary>Writes the same as a value.</summary>
    public static void Write(Utf8JsonWriter json, RunPlan plan, TuningOptions? tuning)
    {
        json.WriteStartObject();
        json.WriteString("program", $"hypergrad {Product.Version}");
        json.WriteString("network", plan.Run.Network.ToString());
        json.WriteNumber("steps", plan.Run.Steps);
        json.WriteNumber("replicas", plan.Run.Replicas);
        if (tuning is not null)
        {
            json.WriteNumber("metaSteps", tuning.MetaSteps);
            json.WriteNumber("startTrials", tuning.StartTrials);
            if (plan.Choice is { } chosen)
                json.WriteNumber("tuningSeconds", PlanTables.SecondsOf(tuning, plan, chosen));
        }
        json.WriteString("computedWith", plan.Backend.Description);
        json.WriteNumber("memoryAllowed", plan.Memory);
        if (plan.Choice is { } choice)
            json.WriteString("choice", choice.Description);
        json.WriteStartArray("methods");
        foreach (var method in plan.Methods)
            WriteMethod(json, method);
        json.WriteEndArray();
        json.WriteStartObject("calibration");
        json.WriteNumber("seconds", plan.CalibrationTime.TotalSeconds);
        json.WriteNumber("steps", plan.CalibrationSteps);
        json.WriteStartArray("kindsOfWork");
        foreach (var kind in plan.Calibrated)
        {
            json.WriteStartObject();
            json.WriteString("name", kind.Name);
            WriteWork(json, kind.Work);
            json.WriteNumber("seconds", kind.Seconds);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    // JSON has no NaN: what was not measured is left out.
    private static void WriteMethod(Utf8JsonWriter json, MethodPlan plan)
    {
        json.WriteStartObject();
        json.WriteString("method", plan.Method.Name);
        json.WriteString("description", plan.Description);
        json.WriteBoolean("exact", plan.Method.IsExact);
        if (double.IsFinite(plan.Seconds))
            json.WriteNumber("seconds", plan.Seconds);
        if (double.IsFinite(plan.Memory))
        {
            json.WriteNumber("memory", plan.Memory);
            WriteWork(json, plan.Work);
        }
        if (plan.WhyNot is { } reason)
            json.WriteString("whyNot", reason);
        json.WriteEndObject();
    }

    private static void WriteWork(Utf8JsonWriter json, WorkCount work)
    {
        json.WriteNumber("flops", work.Flops);
        json.WriteNumber("bytes", work.Bytes);
    }
}
