using Hypergrad.Runs;

namespace Hypergrad.Backends;

/// <summary>A place where sessions compute.</summary>
public interface IBackend
{
    /// <summary>A short name: "managed".</summary>
    string Name { get; }

    /// <summary>What it computes with, for people: instruction set and threads, or the device.</summary>
    string Description { get; }

    /// <summary>
    /// What the bits of its results depend on, for a given run and precision: instruction set, library, device. Backends that say the same
    /// give the same bits.
    /// </summary>
    string Arithmetic { get; }

    /// <summary>Which products of floats may be in TF32, with 10 bits of mantissa in place of 23.</summary>
    Tf32Use Tf32 => Tf32Use.Nowhere;

    /// <summary>Whether any products of floats may be in TF32.</summary>
    bool AllowTf32 => Tf32 != Tf32Use.Nowhere;

    /// <summary>Opens a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="precision">The floating-point type of gradients and vectors.</param>
    /// <param name="cancellation">Checked between steps.</param>
    /// <exception cref="ConfigurationException">The run makes no sense; the message names the quantity and the remedy.</exception>
    ISession Open(RawRun run, Precision precision, CancellationToken cancellation = default);
}
