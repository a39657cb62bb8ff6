using System.Numerics;
using Hypergrad.Backends.Managed;
using Hypergrad.Backends.Managed.Operations;
using Hypergrad.Networks;
using Hypergrad.Networks.Operations;

namespace Hypergrad.Tests.Backends.Managed.Operations;

/// <summary>The products of a convolution by few multiplications, against those of windows that are laid out.</summary>
public sealed unsafe class WinogradConvolutionTests
{
    // Even and odd sizes; images of one square; a batch in several blocks and parts; padding that each way needs.
    private static readonly object[] Shapes =
    [
        new object[] { 6, 8, 16, 16, 1, 3 }, new object[] { 7, 5, 16, 48, 1, 2 }, new object[] { 4, 4, 16, 16, 0, 5 },
        new object[] { 5, 6, 32, 16, 2, 1 }, new object[] { 9, 12, 64, 32, 0, 7 }, new object[] { 16, 16, 16, 32, 1, 11 },
        new object[] { 33, 2, 16, 16, 1, 4 }, new object[] { 2, 2, 16, 64, 1, 300 },
    ];

    [TestCaseSource(nameof(Shapes))]
    public void Products_AreThoseOfWindowsLaidOut(int height, int width, int channels, int outputs, int padding, int batch)
    {
        Compare<double>(height, width, channels, outputs, padding, batch, 1e-14);
        Compare<float>(height, width, channels, outputs, padding, batch, 3e-6);
    }

    [TestCaseSource(nameof(Shapes))]
    public void Products_DoNotDependOnTheNumberOfThreads(int height, int width, int channels, int outputs, int padding, int batch)
    {
        var expected = Products<float>(height, width, channels, outputs, padding, batch, 1, winograd: true);
        foreach (int threads in (int[])[2, 3])
            foreach (var (name, values) in Products<float>(height, width, channels, outputs, padding, batch, threads, winograd: true))
                Close.AssertSame(values, expected[name], $"{name} on {threads} threads");
    }

    [TestCase(6, 6, 16, 16, 3, 1, 1, true)]
    [TestCase(7, 7, 16, 16, 3, 1, 1, true)]
    [TestCase(6, 6, 16, 16, 3, 1, 3, false, Description = "InputAdjoint would have to leave out pixels")]
    [TestCase(3, 3, 16, 16, 3, 1, 0, false, Description = "three outputs of a square in vain")]
    [TestCase(5, 5, 16, 16, 3, 1, 1, true)]
    [TestCase(6, 6, 16, 24, 3, 1, 1, false, Description = "outputs are no whole vectors")]
    [TestCase(6, 6, 3, 16, 3, 1, 1, false, Description = "channels are no whole vectors")]
    [TestCase(8, 8, 16, 16, 3, 2, 1, false, Description = "windows two pixels apart")]
    [TestCase(8, 8, 16, 16, 5, 1, 2, false, Description = "windows of another size")]
    public void Suits_WhatItHasTransformsFor(
        int height, int width, int channels, int outputs, int kernel, int stride, int padding, bool suits) =>
        Assert.That(WinogradConvolution<float>.Suits(new Network(
            [height, width, channels], new Convolution(outputs, kernel, padding) { Stride = (stride, stride) }, new Flatten(), new Dense(2))
            .Program.Operations.OfType<Affine>().First()), Is.EqualTo(suits));

    private static void Compare<T>(int height, int width, int channels, int outputs, int padding, int batch, double tolerance)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var actual = Products<T>(height, width, channels, outputs, padding, batch, 2, winograd: true);
        foreach (var (name, expected) in Products<double>(height, width, channels, outputs, padding, batch, 2, winograd: false))
            Close.Assert(actual[name], expected, tolerance, $"{name}, {typeof(T).Name}");
    }

    private static Dictionary<string, double[]> Products<T>(
        int height, int width, int channels, int outputs, int padding, int batch, int threads, bool winograd)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var operation = new Network([height, width, channels], new Convolution(outputs, 3, padding), new Flatten(), new Dense(2))
            .Program.Operations.OfType<Affine>().First();
        Assert.That(WinogradConvolution<T>.Suits(operation), Is.True);
        var patches = operation.Patches!;
        using var workers = new Workers(threads);
        using var team = new Team<T>(workers);
        using AffineProducts<T> products = winograd
            ? new WinogradConvolution<T>(operation, patches, team) : new ConvolutionProducts<T>(operation, patches, team);
        int ofInput = batch * height * width * channels, ofOutput = batch * patches.OutputHeight * patches.OutputWidth * outputs;
        var found = new Dictionary<string, double[]>();
        foreach (bool behind in (bool[])[true, false])
        {
            using Drawn<T> a = new(1, ofInput, behind), weight = new(2, 9 * channels * outputs, behind), bias = new(3, outputs, behind);
            using Drawn<T> delta = new(4, ofOutput, behind);
            using Drawn<T> z = new(5, ofOutput, behind), gradient = new(6, 9 * channels * outputs, behind), e = new(7, ofInput, behind);
            // Each overwrites, and then adds to what it has written.
            products.Forward(a.Start, weight.Start, bias.Start, z.Start, batch);
            found["z"] = z.Values;
            products.Forward(a.Start, weight.Start, null, z.Start, batch);
            found["z twice"] = z.Values;
            foreach (bool add in (bool[])[false, true])
            {
                products.WeightGradient(a.Start, delta.Start, gradient.Start, batch, add);
                found[$"gradient, added: {add}"] = gradient.Values;
                products.InputAdjoint(delta.Start, weight.Start, e.Start, batch, add);
                found[$"adjoint, added: {add}"] = e.Values;
            }
            // Fewer examples than before: what is beyond them is left alone.
            if (batch > 1)
            {
                products.WeightGradient(a.Start, delta.Start, gradient.Start, batch - 1, false);
                found["gradient of fewer"] = gradient.Values;
                products.Forward(a.Start, weight.Start, null, z.Start, batch - 1);
                found["z of fewer"] = z.Values;
            }
        }
        return found;
    }

    private sealed class Drawn<T> : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
    {
        private readonly GuardedMemory memory;
        private readonly int count;

        public Drawn(int seed, int count, bool guardBehind)
        {
            this.count = count;
            memory = new(count * sizeof(T), guardBehind);
            var random = new Random(seed);
            for (int i = 0; i < count; i++)
                Start[i] = T.CreateTruncating(random.NextDouble() - 0.5);
        }

        public T* Start => (T*)memory.Start;

        public double[] Values => [.. Enumerable.Range(0, count).Select(i => double.CreateTruncating(Start[i]))];

        public void Dispose() => memory.Dispose();
    }
}
