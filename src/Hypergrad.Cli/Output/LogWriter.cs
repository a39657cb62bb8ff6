using System.Globalization;
using System.Text;
using Hypergrad.Files;
using Hypergrad.Wording;

namespace Hypergrad.Cli.Output;

/// <summary>
/// A log: lines added to a file, each behind the time at which it began, in UTC. Where the disk becomes full, the lines that follow are
/// dropped, and the trouble is told of at the end.
/// </summary>
internal sealed class LogWriter : TextWriter
{
    private readonly StreamWriter file;
    private readonly StandardStream lines;
    private readonly Lock gate = new();
    private bool isWithinLine;

    private LogWriter(StreamWriter file) => (this.file, lines) = (file, new StandardStream(file));

    /// <summary>Why it could not be written to; null where it could.</summary>
    public string? Failure => lines.Failure;

    public override Encoding Encoding => file.Encoding;

    /// <summary>Opens a log, to be added to.</summary>
    /// <exception cref="UsageException">It cannot be written to.</exception>
    public static LogWriter Open(string path)
    {
        try
        {
            if (FilePath.Follow(path).Kind is FileKind.BlockDevice)
                throw new UsageException($"--log {Quoted.Path(path)} is a disk, which no log can be written to; name a file.");
            return new(new StreamWriter(path, append: true) { AutoFlush = true });
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException(
                $"--log {Quoted.Path(path)} cannot be written to: {Quoted.Message(exception.Message)} Name a file that can.");
        }
    }

    public override void Write(char value) => Write(value.ToString());

    public override void WriteLine(string? value) => Write(value + "\n");

    public override void Write(string? value)
    {
        lock (gate)
        {
            var text = new StringBuilder();
            foreach (char character in value ?? "")
            {
                if (character == '\r')
                    continue;
                if (!isWithinLine)
                    text.Append(DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z '", CultureInfo.InvariantCulture));
                text.Append(character);
                isWithinLine = character != '\n';
            }
            lines.Write(text.ToString());
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            Release();
        base.Dispose(disposing);
    }

    private void Release()
    {
        try
        {
            file.Dispose();
        }
        catch (IOException)
        {
            // What could not be written was told of when it was to be; the file is closed nevertheless.
        }
    }
}
