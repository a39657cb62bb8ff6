using Hypergrad.Experiments.Running;

return ExperimentProgram.Run(args, Console.Out, Console.Error);
