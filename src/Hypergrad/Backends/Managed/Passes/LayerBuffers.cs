using Hypergrad.Backends.Managed.Memory;

namespace Hypergrad.Backends.Managed.Passes;

/// <summary>
/// What one layer's passes leave for the others, each [batch × units of the layer]. The tangents' buffers are made when first asked for.
/// </summary>
internal sealed unsafe class LayerBuffers<T>(int capacity, int units, bool keepsInput) : IDisposable where T : unmanaged
{
    private readonly NativeBuffer<T> value = new((long)capacity * units);
    private readonly NativeBuffer<T>? input = keepsInput ? new((long)capacity * units) : null;
    private readonly NativeBuffer<T> upstream = new((long)capacity * units);
    private readonly NativeBuffer<T> delta = new((long)capacity * units);
    private NativeBuffer<T>? inputTangent, valueTangent, deltaTangent;

    /// <summary>How many units the layer has.</summary>
    public int Units { get; } = units;

    /// <summary>a = φ(z).</summary>
    public T* Value => value.Pointer;

    /// <summary>z; where the derivatives do not look at it, it shares a's place and a overwrites it.</summary>
    public T* Input => input is null ? value.Pointer : input.Pointer;

    /// <summary>e = ∂L/∂a.</summary>
    public T* Upstream => upstream.Pointer;

    /// <summary>δ = ∂L/∂z.</summary>
    public T* Delta => delta.Pointer;

    /// <summary>ż.</summary>
    public T* InputTangent => (inputTangent ??= new(value.Length)).Pointer;

    /// <summary>ȧ.</summary>
    public T* ValueTangent => (valueTangent ??= new(value.Length)).Pointer;

    /// <summary>δ̇.</summary>
    public T* DeltaTangent => (deltaTangent ??= new(value.Length)).Pointer;

    public void Dispose()
    {
        foreach (var buffer in new[] { value, input, upstream, delta, inputTangent, valueTangent, deltaTangent })
            buffer?.Dispose();
    }
}
