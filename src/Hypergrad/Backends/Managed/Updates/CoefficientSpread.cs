namespace Hypergrad.Backends.Managed.Updates;

/// <summary>How the coefficients of a tile are spread, told to a loop as a type, so that each of both is compiled by itself.</summary>
internal interface ICoefficientSpread
{
    /// <summary>Whether all weights of the tile share theirs: a loop then loads it once.</summary>
    static abstract bool IsUniform { get; }
}

/// <summary>One coefficient for all weights of a tile.</summary>
internal readonly struct UniformSpread : ICoefficientSpread
{
    public static bool IsUniform => true;
}

/// <summary>Coefficients that differ within a tile.</summary>
internal readonly struct PeriodicSpread : ICoefficientSpread
{
    public static bool IsUniform => false;
}
