namespace Hypergrad.Cli.Reporting;

/// <summary>An example's numbers.</summary>
/// <param name="Example">Its number in the training part, from 0.</param>
/// <param name="Class">The number of the class that the data gives it.</param>
/// <param name="Values">One number per class.</param>
internal sealed record ExampleRow(int Example, int Class, IReadOnlyList<double> Values);
