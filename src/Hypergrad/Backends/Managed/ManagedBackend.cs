using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Hypergrad.Networks;
using Hypergrad.Runs;

namespace Hypergrad.Backends.Managed;

/// <summary>
/// Computes on this machine's processor with vector instructions, on several threads. A result does not depend on how many.
/// </summary>
public sealed class ManagedBackend : IBackend, IKnowsPassMemory, IDisposable
{
    private readonly Workers workers;

    /// <summary>Makes a backend.</summary>
    /// <param name="threads">How many threads share the work; by default as many as the machine has processors.</param>
    /// <exception cref="ConfigurationException">Fewer than 1 thread.</exception>
    public ManagedBackend(int? threads = null)
    {
        if (threads < 1)
            throw new ConfigurationException($"{threads} threads: the managed backend needs at least 1.");
        workers = new(threads ?? Environment.ProcessorCount);
    }

    /// <inheritdoc/>
    public string Name => "managed";

    /// <summary>The widest vector instructions that the machine has: "AVX-512", "AVX2", "128-bit vectors".</summary>
    public static string InstructionSet =>
        Vector512.IsHardwareAccelerated ? "AVX-512" : Vector256.IsHardwareAccelerated ? "AVX2" : "128-bit vectors";

    /// <inheritdoc/>
    public string Description => $"managed SIMD ({InstructionSet}), {workers.Threads} {(workers.Threads == 1 ? "thread" : "threads")}";

    /// <inheritdoc/>
    public string Arithmetic => $"managed ({RuntimeInformation.ProcessArchitecture} {InstructionSet})";

    /// <inheritdoc/>
    public ISession Open(RawRun run, Precision precision, CancellationToken cancellation = default) => precision == Precision.Single
        ? Open<float>(run, cancellation)
        : Open<double>(run, cancellation);

    IPassMemory IKnowsPassMemory.PassMemoryOf(RawRun run, Precision precision) =>
        new PassMemory(run, precision == Precision.Single ? sizeof(float) : sizeof(double), workers.Threads);

    /// <summary>The forward pass of a network, in single precision.</summary>
    /// <param name="network">The network.</param>
    internal IForwardPass OpenForward(Network network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return new ManagedForwardPass(network, workers);
    }

    private ISession Open<T>(RawRun run, CancellationToken cancellation) where T : unmanaged, IFloatingPointIeee754<T> =>
        ReplicatedSession<T>.Suits(run, workers.Threads)
            ? new ReplicatedSession<T>(run, workers, cancellation)
            : new ManagedSession<T>(run, workers, cancellation);

    /// <summary>Ends the threads. No session may be computing.</summary>
    public void Dispose() => workers.Dispose();
}
