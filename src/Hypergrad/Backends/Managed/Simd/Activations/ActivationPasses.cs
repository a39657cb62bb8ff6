using System.Numerics;
using Hypergrad.Networks;

namespace Hypergrad.Backends.Managed.Simd.Activations;

/// <summary>The elementwise part of a hidden layer's four passes, for one activation.</summary>
internal abstract unsafe class ActivationPasses<T> where T : unmanaged, INumberBase<T>
{
    /// <summary>Whether z must be kept beside a.</summary>
    public abstract bool KeepsInput { get; }

    /// <summary>Whether φ″ is 0 everywhere: then the tangent of δ does without e and ż.</summary>
    public abstract bool IsPiecewiseLinear { get; }

    /// <summary>a = φ(z).</summary>
    public abstract void Forward(T* z, T* a, int count);

    /// <summary>δ = e ∘ φ′(z).</summary>
    public abstract void Backward(T* z, T* a, T* upstream, T* delta, int count);

    /// <summary>ȧ = φ′(z) ∘ ż.</summary>
    public abstract void TangentForward(T* z, T* a, T* inputTangent, T* tangent, int count);

    /// <summary>δ̇ = ė ∘ φ′(z) + e ∘ φ″(z) ∘ ż, in place of ė.</summary>
    public abstract void TangentBackward(T* z, T* a, T* upstream, T* inputTangent, T* upstreamTangent, int count);

    /// <summary>a = φ(z), and φ′(z) in place of z, which is kept.</summary>
    public abstract void ForwardWithSlope(T* z, T* a, int count);

    /// <summary>
    /// a = φ(z), ȧ = φ′(z) ∘ ż. Where z is kept, the backward pass finds φ′(z) in its place, and φ″(z) ∘ ż in that of ż.
    /// </summary>
    public abstract void ForwardWithTangent(T* z, T* a, T* inputTangent, T* tangent, int count);

    /// <summary>After <see cref="ForwardWithTangent"/>, to the same bits as one by one: δ in place of e, δ̇ in place of ė.</summary>
    public abstract void BackwardWithTangent(T* z, T* a, T* upstream, T* inputTangent, T* upstreamTangent, int count);

    public static ActivationPasses<T> For(Activation activation) => activation switch
    {
        Activation.Tanh => new ActivationPasses<T, TanhActivation<T>>(),
        Activation.Relu => new ActivationPasses<T, ReluActivation<T>>(),
        Activation.Sigmoid => new ActivationPasses<T, SigmoidActivation<T>>(),
        Activation.Softplus => new ActivationPasses<T, SoftplusActivation<T>>(),
        Activation.Gelu => new ActivationPasses<T, GeluActivation<T>>(),
        Activation.Identity => new ActivationPasses<T, IdentityActivation<T>>(),
        _ => throw new ConfigurationException($"There is no activation {activation}."),
    };
}
