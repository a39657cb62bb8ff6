using System.Runtime.InteropServices;
using Hypergrad.Backends.Managed;
using Hypergrad.Backends.Managed.Operations;
using Hypergrad.Data;
using Hypergrad.Networks;
using Hypergrad.Networks.Operations;

namespace Hypergrad.Tests.Backends.Managed.Operations;

/// <summary>Products together with their tangents, against products one by one.</summary>
public sealed unsafe class AffineProductsTests
{
    private const int Examples = 5;

    private static IReadOnlyDictionary<string, Network> Networks { get; } = new Dictionary<string, Network>
    {
        ["dense"] = new([6, 7, 20], new Dense(33), new Flatten(), new Dense(2)),
        ["Winograd"] = new([9, 12, 32], new Convolution(16, 3, 1), new Flatten(), new Dense(2)),
        ["direct"] = new([9, 8, 16], new Convolution(32, 5, 2), new Flatten(), new Dense(2)),
        ["direct, of few channels"] = new([9, 8, 1], new Convolution(16, 3, 1), new Flatten(), new Dense(2)),
        ["direct, strided"] = new([9, 8, 5], new Convolution(16, 3, 1) { Stride = (2, 2) }, new Flatten(), new Dense(2)),
        ["laid out"] = new([9, 8, 6], new Convolution(20, 3, 1), new Flatten(), new Dense(2)),
    };

    [Test]
    public void ValuesAndTangents_AreThoseOneByOne(
        [ValueSource(nameof(Networks))] KeyValuePair<string, Network> network, [Values] bool inputMoves, [Values] bool accumulate,
        [Values(1, 2)] int threads)
    {
        var operation = network.Value.Program.Operations.OfType<Affine>().First();
        using var workers = new Workers(threads);
        using var team = new Team<double>(workers);
        using var products = AffineProducts<double>.For(operation, team);
        using var numbers = new Numbers();
        int ofInput = Examples * network.Value.InputSize, ofOutput = Examples * operation.OutputShape.Count;
        int ofWeight = operation.Weight.Count, outputs = operation.Weight.Columns;
        Dual<double> a = new(numbers.Draw(ofInput), inputMoves ? numbers.Draw(ofInput) : null);
        Dual<double> weight = numbers.DrawDual(ofWeight), bias = numbers.DrawDual(outputs), delta = numbers.DrawDual(ofOutput);

        // z, ∂W and e, and of their tangents each summand by itself.
        double* z = numbers.Draw(ofOutput), ofU = numbers.Draw(ofOutput), ofW = numbers.Zeros(ofOutput);
        products.Forward(a.Value, weight.Value, bias.Value, z, Examples);
        products.Forward(a.Value, weight.Tangent, bias.Tangent, ofU, Examples);
        double* former = numbers.Draw(ofWeight), gradient = numbers.Copy(former, ofWeight);
        double* ofDelta = numbers.Draw(ofWeight), ofInputs = numbers.Zeros(ofWeight);
        products.WeightGradient(a.Value, delta.Value, gradient, Examples, accumulate);
        products.WeightGradient(a.Value, delta.Tangent, ofDelta, Examples, false);
        if (inputMoves)
        {
            products.Forward(a.Tangent, weight.Value, null, ofW, Examples);
            products.WeightGradient(a.Tangent, delta.Value, ofInputs, Examples, false);
        }
        Dual<double> before = numbers.DrawDual(ofInput);
        double* e = numbers.Copy(before.Value, ofInput), alongDelta = numbers.Copy(before.Tangent, ofInput), alongU = numbers.Zeros(ofInput);
        products.InputAdjoint(delta.Value, weight.Value, e, Examples, accumulate);
        products.InputAdjoint(delta.Tangent, weight.Value, alongDelta, Examples, accumulate);
        products.InputAdjoint(delta.Value, weight.Tangent, alongU, Examples, false);

        Dual<double> sums = numbers.DrawDual(ofOutput), alone = new(null, numbers.Draw(ofOutput));
        products.Forward(a, weight, bias, sums, Examples);
        products.Forward(a, weight, bias, alone, Examples);
        Check("z", sums, z, ofU, ofW, alone, ofOutput);

        Dual<double> gradients = new(numbers.Copy(former, ofWeight), numbers.Draw(ofWeight));
        alone = new(null, numbers.Draw(ofWeight));
        products.WeightGradient(a, delta, gradients, Examples, accumulate);
        products.WeightGradient(a, delta, alone, Examples, accumulate);
        Check("gradient", gradients, gradient, ofDelta, ofInputs, alone, ofWeight);

        Dual<double> adjoints = new(numbers.Copy(before.Value, ofInput), numbers.Copy(before.Tangent, ofInput));
        alone = new(null, numbers.Copy(before.Tangent, ofInput));
        products.InputAdjoint(delta, weight, adjoints, Examples, accumulate);
        products.InputAdjoint(delta, weight, alone, Examples, accumulate);
        Check("adjoint", adjoints, e, alongDelta, alongU, alone, ofInput);
    }

    private static void Check(
        string name, Dual<double> actual, double* value, double* first, double* second, Dual<double> alone, int count)
    {
        Close.AssertSame(Array(actual.Value), Array(value), name);
        Close.AssertSame(Array(alone.Tangent), Array(actual.Tangent), $"the tangent of {name} alone");
        Close.Assert(Array(actual.Tangent), [.. Array(first).Zip(Array(second), (a, b) => a + b)], 1e-13, $"the tangent of {name}");

        double[] Array(double* numbers) => new ReadOnlySpan<double>(numbers, count).ToArray();
    }

    private sealed class Numbers : IDisposable
    {
        private readonly List<nint> all = [];
        private readonly Philox random = new(3);
        private ulong drawn;

        public double* Zeros(int count)
        {
            double* numbers = (double*)NativeMemory.AlignedAlloc((nuint)count * sizeof(double) + 64, 64);
            new Span<double>(numbers, count).Clear();
            all.Add((nint)numbers);
            return numbers;
        }

        public double* Draw(int count)
        {
            double* numbers = Zeros(count);
            for (int i = 0; i < count; i++)
                numbers[i] = random.Uniform(drawn++) - 0.5;
            return numbers;
        }

        public double* Copy(double* source, int count)
        {
            double* numbers = Zeros(count);
            new ReadOnlySpan<double>(source, count).CopyTo(new(numbers, count));
            return numbers;
        }

        public Dual<double> DrawDual(int count) => new(Draw(count), Draw(count));

        public void Dispose() => all.ForEach(numbers => NativeMemory.AlignedFree((void*)numbers));
    }
}
