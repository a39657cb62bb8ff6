namespace Hypergrad.Networks.Operations;

/// <summary>
/// One step of a network's program: it reads values and parameters and writes one value. Backends know operations and never layers; each
/// operation has four passes there: forward, backward, and the tangents of both (Pearlmutter 1994).
/// </summary>
public abstract record Operation
{
    /// <summary>The values read, in the order of the operation's own names for them.</summary>
    public abstract IReadOnlyList<Value> Inputs { get; }

    /// <summary>The parameters read.</summary>
    public virtual IReadOnlyList<ParameterTensor> Parameters => [];

    /// <summary>The value written; set by <see cref="ProgramBuilder.Emit"/>.</summary>
    public Value Output { get; internal init; } = null!;

    /// <summary>The shape of what is written.</summary>
    public abstract Shape OutputShape { get; }

    /// <summary>Multiplications of its matrix products, forward, for one example.</summary>
    internal virtual double Multiplications => 0;
}
