using System.Text.RegularExpressions;
using Hypergrad.Cli;

namespace Hypergrad.Tests.Cli;

/// <summary>Runs the <c>hypergrad</c> command within the test, as a shell would.</summary>
internal static class CommandLine
{
    /// <summary>Settings with which a tuning takes a moment: 784-4-10, five training steps, two meta-steps, no search for a start.</summary>
    public static readonly string[] Quick =
        ["tune", "--examples", "120", "--hidden", "4", "--steps", "5", "--batch-size", "20", "--meta-steps", "2", "--start-search", "0"];

    /// <summary>Runs it, and makes sure that nobody ever gets to see a stack trace.</summary>
    public static (int Code, string Output, string Error) Run(params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        int code = CommandLineProgram.Run(arguments, output, error);
        Assert.That(output + error.ToString(), Does.Not.Contain("   at ").And.Not.Contain("Exception"));
        return (code, output.ToString(), error.ToString());
    }

    /// <summary>Runs it where it must go well; returns what it put out, blanks and line ends as single spaces.</summary>
    public static string Succeed(params string[] arguments)
    {
        var (code, output, error) = Run(arguments);
        Assert.That((code, error), Is.EqualTo((ExitCode.Success, "")));
        return Regex.Replace(output, "\\s+", " ");
    }

    /// <summary>Runs it where it must refuse, in one line that holds the message, having put out nothing.</summary>
    public static void Refuse(int exitCode, string message, params string[] arguments)
    {
        var (code, output, error) = Run(arguments);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(error, Does.StartWith("hypergrad: ").And.Contain(message));
            Assert.That(code, Is.EqualTo(exitCode));
            Assert.That(output, Is.Empty);
        }
    }
}
