using System.Globalization;
using BenchmarkDotNet.Running;
using Hypergrad.Benchmarks;

// "products [THREADS]", "replicas [THREADS [REPLICAS [ROUNDS]]]", "cost [THREADS [BACKEND]]", "memory [THREADS]",
// "bandwidth [THREADS]", "networks [THREADS [STEPS]]", "layers [THREADS [ROUNDS]]",
// "suite [THREADS [CASE [ROUNDS]]]", "plan [THREADS [CASE [ROUNDS [processor]]]]", "start [THREADS [META-STEPS [FOLDER]]]" and
// "large [BACKEND [STEPS]]" print their figures; "peer-case" is for bench/peers/run.py;
// anything else goes to BenchmarkDotNet.
int threads = args.Length > 1 && int.TryParse(args[1], CultureInfo.InvariantCulture, out int given) ? given : 1;
switch (args)
{
    case ["products", ..]:
        ProductRates.Print(threads);
        break;
    case ["cost", ..]:
        HypergradientCost.Print(threads, args.Length > 2 ? args[2] : "managed");
        break;
    case ["memory", ..]:
        HypergradientCost.PrintMemory(threads);
        break;
    case ["bandwidth", ..]:
        HypergradientCost.PrintBandwidth(threads);
        break;
    case ["layers", ..]:
        LayerRates.Print(threads, args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 20);
        break;
    case ["networks", ..]:
        NetworkCost.Print(threads, args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 1000);
        break;
    case ["suite", ..]:
        Suite.Print(threads, args.Length > 2 && args[2] != "all" ? args[2] : null,
            args.Length > 3 ? int.Parse(args[3], CultureInfo.InvariantCulture) : 3);
        break;
    case ["plan", ..]:
        PlanComparison.Print(threads, args.Length > 2 && args[2] != "all" ? args[2] : null,
            args.Length > 3 ? int.Parse(args[3], CultureInfo.InvariantCulture) : 3, ofProcessor: args is [.., "processor"]);
        break;
    case ["replicas", ..]:
        ReplicaCost.Print(threads, args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 8,
            args.Length > 3 ? int.Parse(args[3], CultureInfo.InvariantCulture) : 9);
        break;
    case ["start", ..]:
        StartSearchComparison.Print(threads, args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 20,
            args.Length > 3 ? args[3] : null);
        break;
    case ["peer-case", var folder, var output, var count, var backend, var method]:
        PeerCase.Answer(folder, output, int.Parse(count, CultureInfo.InvariantCulture), backend, method);
        break;
    case ["large", ..]:
        HypergradientCost.PrintLarge(
            args.Length > 1 ? args[1] : "cuda", args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 20);
        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(ProductRates).Assembly).Run(args);
        break;
}
