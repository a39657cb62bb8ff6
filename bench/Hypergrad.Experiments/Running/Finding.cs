namespace Hypergrad.Experiments.Running;

/// <summary>Something that an experiment's source found, checked by machine against what came out here.</summary>
/// <param name="Claim">What the source found, as a sentence.</param>
/// <param name="Holds">Whether it came out so here.</param>
/// <param name="Figures">The numbers that decide it, and the bound they are held to.</param>
internal sealed record Finding(string Claim, bool Holds, string Figures);
