using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Hypergrad.Tests.Observability;

/// <summary>A log that keeps what is written to it, from a level on.</summary>
internal sealed class CollectingLogger(LogLevel from = LogLevel.Trace) : ILogger
{
    private readonly ConcurrentQueue<Entry> entries = new();

    public Entry[] Entries => [.. entries];

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= from;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var values = ((IReadOnlyList<KeyValuePair<string, object?>>)state!).ToDictionary(pair => pair.Key, pair => pair.Value);
        entries.Enqueue(new(logLevel, eventId.Id, formatter(state, exception), values));
    }

    internal sealed record Entry(LogLevel Level, int Id, string Message, Dictionary<string, object?> Values);
}
