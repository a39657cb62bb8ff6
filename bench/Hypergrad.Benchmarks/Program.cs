using BenchmarkDotNet.Running;
using Hypergrad.Benchmarks;

// "products" prints rates in half a minute; anything else goes to BenchmarkDotNet.
if (args is ["products", ..])
    ProductRates.Print(threads: args.Length > 1 ? int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture) : 1);
else
    BenchmarkSwitcher.FromAssembly(typeof(ProductRates).Assembly).Run(args);
