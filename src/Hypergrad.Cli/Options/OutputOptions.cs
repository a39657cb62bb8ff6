using System.CommandLine;
using Hypergrad.Cli.Output;

namespace Hypergrad.Cli.Options;

/// <summary>What every command says, and where: <c>--quiet</c>, <c>--json</c>, <c>--log</c>.</summary>
internal sealed class OutputOptions
{
    private readonly Option<bool> quiet = new("--quiet")
    {
        Description = "no messages; errors, and results that are the output itself, are still written",
        Recursive = true,
    };

    private readonly Option<bool> json = new("--json")
    {
        Description = "the result as one JSON object on the standard output, and nothing else there",
        Recursive = true,
    };

    private readonly Option<string?> log = new("--log")
    {
        Description = "a file that the messages and errors are added to, each line with its time",
        Recursive = true,
    };

    /// <summary>Adds the options to all commands.</summary>
    public void AddTo(RootCommand root)
    {
        root.Options.Add(quiet);
        root.Options.Add(json);
        root.Options.Add(log);
    }

    /// <summary>Makes the output follow what the user asked for.</summary>
    public void Apply(ParseResult parsed, CommandOutput output) =>
        output.Configure(parsed.GetValue(quiet), parsed.GetValue(json), parsed.GetValue(log));
}
