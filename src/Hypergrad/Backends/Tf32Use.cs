namespace Hypergrad.Backends;

/// <summary>Which matrix products of floats may be in TF32, with 10 bits of mantissa in place of 23.</summary>
public enum Tf32Use
{
    /// <summary>None.</summary>
    Nowhere,

    /// <summary>
    /// Those of the gradient's tangent (the Hessian times a vector) alone: training and what is reversed are those without TF32, to the
    /// bit, and the hypergradient is rounded.
    /// </summary>
    Tangents,

    /// <summary>All: in the gradient, its tangent and the evaluation.</summary>
    Everywhere,
}
