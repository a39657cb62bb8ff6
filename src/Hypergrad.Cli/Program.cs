using Hypergrad.Cli;
using Hypergrad.Cli.Output;

var error = new StandardStream(2, () => Console.Error);
using var interruption = new Interruption(error);
var output = new StandardStream(1, () => Console.Out);
// Whoever writes to the console itself writes there, too.
Console.SetError(error);
Console.SetOut(output);

int code = CommandLineProgram.Run(args, Console.Out, Console.Error, interruption.Token);
if (output.Failure is not { } trouble)
    return code;
error.WriteLine($"hypergrad: the standard output cannot be written to: {trouble}");
return code == ExitCode.Success ? ExitCode.Output : code;
