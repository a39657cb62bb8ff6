namespace Hypergrad.Networks;

/// <summary>What a hidden unit does to its weighted input z.</summary>
public enum Activation
{
    /// <summary>tanh z.</summary>
    Tanh,

    /// <summary>max(z, 0); its derivative at 0 is 0 and its second derivative is 0 everywhere.</summary>
    Relu,

    /// <summary>1 / (1 + e⁻ᶻ).</summary>
    Sigmoid,

    /// <summary>log(1 + eᶻ).</summary>
    Softplus,

    /// <summary>z Φ(z), Φ the standard normal distribution function (exact, by erf; Hendrycks, Gimpel 2016).</summary>
    Gelu,

    /// <summary>z.</summary>
    Identity,
}
