using System.Text;
using System.Text.Json;

namespace Hypergrad.Cli.Output;

/// <summary>
/// Where a command's messages go: to the screen unless they are silenced (<c>--quiet</c>, <c>--json</c>), and to the log where there is one
/// (<c>--log</c>). Results that are the output itself go to <see cref="Data"/>, and as one JSON object through <see cref="WriteJson"/>.
/// </summary>
internal sealed class CommandOutput(TextWriter screen) : TextWriter
{
    private bool isSilent;

    /// <summary>Whether the result is wanted as one JSON object, and nothing else beside it.</summary>
    public bool WantsJson { get; private set; }

    /// <summary>Where results go that are the output itself; never silenced.</summary>
    public TextWriter Data => screen;

    /// <summary>The log; null without one.</summary>
    public LogWriter? Log { get; private set; }

    /// <summary>Whether a person looks at the messages on a terminal.</summary>
    public bool IsTerminal => !isSilent && ReferenceEquals(screen, Console.Out) && !Console.IsOutputRedirected;

    public override Encoding Encoding => screen.Encoding;

    /// <summary>Follows what the user asked for.</summary>
    /// <param name="quiet">No messages.</param>
    /// <param name="json">The result as JSON, and no messages.</param>
    /// <param name="log">A file that messages are added to, with their times; null for none.</param>
    /// <exception cref="UsageException">The log cannot be written to.</exception>
    public void Configure(bool quiet, bool json, string? log)
    {
        (isSilent, WantsJson) = (quiet || json, json);
        Log = log is null ? null : LogWriter.Open(log);
    }

    /// <summary>Writes the result as one JSON object, where it is wanted so.</summary>
    public void WriteJson(Action<Utf8JsonWriter> write)
    {
        if (!WantsJson)
            return;
        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory, new JsonWriterOptions { Indented = true }))
            write(json);
        screen.WriteLine(Encoding.UTF8.GetString(memory.GetBuffer(), 0, (int)memory.Length));
    }

    /// <summary>Says that a file was written.</summary>
    /// <param name="message">The message.</param>
    /// <param name="path">The file, for JSON.</param>
    public void WriteWritten(string message, string path)
    {
        WriteLine(message);
        WriteJson(json =>
        {
            json.WriteStartObject();
            json.WriteString("written", path);
            json.WriteEndObject();
        });
    }

    /// <summary>Says something beside a result that is the output itself: among the complaints, unless messages are silenced.</summary>
    /// <param name="message">The message.</param>
    /// <param name="error">Where complaints go; the log is told of them.</param>
    public void WriteNotice(string message, TextWriter error)
    {
        if (isSilent)
            Log?.WriteLine(message);
        else
            error.WriteLine($"hypergrad: {message}");
    }

    /// <summary>Complaints go to the log too.</summary>
    public TextWriter WithLog(TextWriter error) => Log is null ? error : new TeeWriter(error, Log);

    public override void Write(char value)
    {
        if (!isSilent)
            screen.Write(value);
        Log?.Write(value);
    }

    public override void Write(string? value)
    {
        if (!isSilent)
            screen.Write(value);
        Log?.Write(value);
    }

    public override void WriteLine(string? value)
    {
        if (!isSilent)
            screen.WriteLine(value);
        Log?.WriteLine(value);
    }

    public override void Flush() => screen.Flush();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            Log?.Dispose();
        base.Dispose(disposing);
    }
}
