namespace Hypergrad.Cli.Reporting;

/// <summary>An example at which a model does badly.</summary>
/// <param name="Number">Its number in its part, from 0.</param>
/// <param name="Right">The name of its class, or its target.</param>
/// <param name="Predicted">The class that was predicted, and how surely; or the number.</param>
/// <param name="Loss">Its loss.</param>
internal sealed record WorstExample(int Number, string Right, string Predicted, double Loss);
