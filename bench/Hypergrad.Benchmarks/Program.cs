using System.Globalization;
using BenchmarkDotNet.Running;
using Hypergrad.Benchmarks;

// "products" and "cost" print their figures in half a minute; anything else goes to BenchmarkDotNet.
int threads = args.Length > 1 && int.TryParse(args[1], CultureInfo.InvariantCulture, out int given) ? given : 1;
switch (args)
{
    case ["products", ..]:
        ProductRates.Print(threads);
        break;
    case ["cost", ..]:
        HypergradientCost.Print(threads);
        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(ProductRates).Assembly).Run(args);
        break;
}
