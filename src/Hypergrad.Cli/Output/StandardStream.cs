using System.Runtime.InteropServices;
using System.Text;

namespace Hypergrad.Cli.Output;

/// <summary>
/// The standard output or error, which a command may write to whatever becomes of it: where it is closed, as by <c>| head -1</c>, nobody
/// listens, and what is written is dropped; where it is full, it is dropped and the trouble is told of at the end.
/// </summary>
internal sealed partial class StandardStream : TextWriter
{
    // EBADF, EPIPE.
    private const int NoDescriptor = 9, BrokenPipe = 32;

    private const int GetDescriptorFlags = 1, ClosedOnExecute = 1;

    private TextWriter writer = Null;

    /// <summary>A stream of this process.</summary>
    /// <param name="descriptor">1 for the standard output, 2 for the standard error.</param>
    /// <param name="open">Opens it.</param>
    public StandardStream(int descriptor, Func<TextWriter> open)
    {
        if (!IsClosed(descriptor))
            Attempt(_ => writer = open());
    }

    /// <summary>A stream that is open.</summary>
    internal StandardStream(TextWriter writer) => this.writer = writer;

    /// <summary>Why it could not be written to; null where it could, or where it is closed.</summary>
    public string? Failure { get; private set; }

    public override Encoding Encoding => writer.Encoding;

    public override void Write(char value) => Attempt(to => to.Write(value));

    public override void Write(char[] buffer, int index, int count) => Attempt(to => to.Write(buffer, index, count));

    public override void Write(string? value) => Attempt(to => to.Write(value));

    public override void WriteLine(string? value) => Attempt(to => to.WriteLine(value));

    public override void Flush() => Attempt(to => to.Flush());

    private void Attempt(Action<TextWriter> write)
    {
        try
        {
            write(writer);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            writer = Null;
            Failure = exception.HResult is NoDescriptor or BrokenPipe ? null : exception.Message;
        }
    }

    // A descriptor that was given to this process is not closed on execute: it has just come through one. One that is so was opened by the
    // runtime for itself, in the place of one that was closed, and must not be written to.
    private static bool IsClosed(int descriptor)
    {
        if (OperatingSystem.IsWindows())
            return false;
        int flags = DescriptorFlags(descriptor, GetDescriptorFlags);
        return flags < 0 || (flags & ClosedOnExecute) != 0;
    }

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int DescriptorFlags(int descriptor, int command);
}
