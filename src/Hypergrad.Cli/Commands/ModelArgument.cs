using System.CommandLine;

namespace Hypergrad.Cli.Commands;

/// <summary>The argument of the commands that use a model.</summary>
internal static class ModelArgument
{
    public static Argument<string> Create() => new("model")
    {
        Description = "the folder of a model: what train wrote, or the folder model in that of a tuning",
    };
}
