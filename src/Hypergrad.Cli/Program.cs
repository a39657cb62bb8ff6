using Hypergrad.Cli;

return CommandLineProgram.Run(args, Console.Out, Console.Error);
