namespace Hypergrad.Backends.Managed.Losses;

/// <summary>The batch that a loss looks at.</summary>
internal unsafe struct LossRows<T> where T : unmanaged
{
    /// <summary>f, [Rows × Columns].</summary>
    public T* Outputs;

    /// <summary>y, [Rows × Columns].</summary>
    public T* Targets;

    /// <summary>c = ω/B, what each row's loss counts with, [Rows].</summary>
    public T* Factors;

    /// <summary>Examples in the batch.</summary>
    public int Rows;

    /// <summary>Outputs of the network.</summary>
    public int Columns;
}
