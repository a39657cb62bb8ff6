using System.Diagnostics.Metrics;
using Hypergrad.Observability;

namespace Hypergrad.Tests.Observability;

/// <summary>Listens to the library's meter. Runs of other tests are told apart by who may run beside: nobody.</summary>
internal sealed class MeasurementRecorder : IDisposable
{
    private readonly List<(string Name, double Value, Dictionary<string, object?> Tags)> measurements = [];
    private readonly MeterListener listener = new();

    public MeasurementRecorder()
    {
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Meter.Name == HypergradTelemetry.MeterName)
                listening.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.Start();
    }

    public double Sum(string name, string? tag = null, object? value = null) => Of(name, tag, value).Sum();

    public double[] Of(string name, string? tag = null, object? value = null)
    {
        lock (measurements)
            return [.. measurements.Where(entry => entry.Name == name && (tag is null || Equals(entry.Tags.GetValueOrDefault(tag), value)))
                .Select(entry => entry.Value)];
    }

    public void Dispose() => listener.Dispose();

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var kept = tags.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value);
        lock (measurements)
            measurements.Add((instrument.Name, value, kept));
    }
}
