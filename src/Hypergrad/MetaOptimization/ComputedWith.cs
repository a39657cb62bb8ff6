namespace Hypergrad.MetaOptimization;

/// <summary>
/// What the bits of a tuning depend on beside its settings. A tuning that goes on with another of these ends with other bits than one in
/// one piece: as good, and not the same.
/// </summary>
/// <param name="MetaStep">The meta-step from which on.</param>
/// <param name="Backend">The backend, and the instructions, library or device that it computes with.</param>
/// <param name="Precision">The floating-point type of gradients, and whether products are in TF32.</param>
/// <param name="Version">The version of this library.</param>
public sealed record ComputedWith(int MetaStep, string Backend, string Precision, string Version)
{
    /// <summary>In words.</summary>
    public override string ToString() => $"{Backend}, {Precision}, version {Version}";

    /// <summary>That of this process.</summary>
    internal static ComputedWith Of(TuningOptions options, int metaStep = 0)
    {
        var backend = options.Backend ?? Backends.Backend.Best();
        string tf32 = options.Precision != Backends.Precision.Single ? "" : backend.Tf32 switch
        {
            Backends.Tf32Use.Everywhere => ", TF32",
            Backends.Tf32Use.Tangents => ", TF32 in tangents",
            _ => "",
        };
        string precision = options.Precision.ToString().ToLowerInvariant();
        return new(metaStep, backend.Arithmetic, precision + tf32, LibraryVersion.Text);
    }

    /// <summary>Whether both give the same bits.</summary>
    internal bool HasBitsOf(ComputedWith other) => this with { MetaStep = 0 } == other with { MetaStep = 0 };

    /// <summary>The error of a tuning that would go on with other bits, unasked.</summary>
    internal ConfigurationException Refuses(ComputedWith here, string folder) => new(
        $"{folder} holds a tuning that was computed with {this}; here it would go on with {here}, and end with other bits. "
        + "Use what it was computed with, or allow other bits (--allow-other-bits).");
}
