using Hypergrad.Wording;

namespace Hypergrad.Cli;

/// <summary>The command was used wrongly: exit code 2. The message names the option and the remedy.</summary>
internal sealed class UsageException(string message) : Exception(Quoted.Message(message));
