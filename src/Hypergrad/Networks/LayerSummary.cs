namespace Hypergrad.Networks;

/// <summary>One layer of a network in figures.</summary>
/// <param name="Layer">The layer; a residual branch is one.</param>
/// <param name="Output">The shape of what it gives for one example.</param>
/// <param name="ParameterCount">How many weights it has.</param>
public sealed record LayerSummary(Layer Layer, Shape Output, int ParameterCount);
