namespace Hypergrad.Cli.Reporting;

/// <summary>Hyperparameters of one kind, drawn on a common axis.</summary>
/// <param name="Title">What they are, such as "Initial scale per tensor".</param>
/// <param name="Quantity">The axis title, such as "initial scale" or "L2 penalty λ".</param>
/// <param name="Logarithmic">Whether the axis is logarithmic.</param>
/// <param name="Values">One entry per hyperparameter, in the order of the model.</param>
internal sealed record ValueChangeGroup(string Title, string Quantity, bool Logarithmic, IReadOnlyList<ValueChange> Values);
