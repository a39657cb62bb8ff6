// One small hypergradient, on the managed backend and, when told to, in the native library, and one line of what came of it for run.sh to check.
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using Hypergrad.Backends;
using Hypergrad.Backends.Managed;
using Hypergrad.Data;
using Hypergrad.Hypergradients;
using Hypergrad.Hyperparameters;
using Hypergrad.Networks;
using Hypergrad.Optimizers;
using Hypergrad.Runs;

var data = Digits.Generate(256).Split(train: 0.5, validation: 0.5, test: 0);
var run = new TrainingRun(Network.Mlp([784, 16, 10], Activation.Tanh), data.Train, new HyperparameterSet
{
    Optimizer = new Momentum
    {
        LearningRate = Schedule.PerStep(steps: 20, Sharing.Tensor, initial: 0.1),
        Coefficient = Schedule.PerStep(steps: 20, Sharing.Tensor, initial: 0.9),
    },
    InitialScale = Scale.Per(Sharing.Tensor, initial: 0.05),
    L2 = Penalty.Per(Sharing.Weight, initial: 1e-6),
})
{ BatchSize = 32 };
string version = typeof(Hypergradient).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
Console.Error.WriteLine($"Hypergrad {version}, {ManagedBackend.InstructionSet}, {(RuntimeFeature.IsDynamicCodeCompiled ? "JIT" : "ahead of time")}");

Hypergradient exact = Compute(Backend.Managed);
double norm = Math.Sqrt(exact.Coordinates.Sum(x => x * x));
bool agrees = Agrees(Hypergradient.Stored(run, data.Validation, new() { Backend = Backend.Managed }));
if (args is ["native"])
{
    Console.Error.WriteLine(Backend.NativeHost.Description);
    agrees &= Agrees(Compute(Backend.NativeHost));
}
Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"loss {exact.ValidationLoss:F4} of {exact.Coordinates.Length} hypergradients, norm {norm:F4}, exact {exact.Reversal!.Exact}, agrees {agrees}"));
return 0;

Hypergradient Compute(IBackend backend) => Hypergradient.Exact(run, data.Validation, new() { Backend = backend });

bool Agrees(Hypergradient other) =>
    Math.Sqrt(exact.Coordinates.Zip(other.Coordinates, (a, b) => (a - b) * (a - b)).Sum()) < 1e-3 * norm && other.Reversal is null or { Exact: true };
