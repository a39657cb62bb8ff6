namespace Hypergrad.Cli.Reporting;

/// <summary>A number for every example and class, such as soft targets.</summary>
/// <param name="Title">What they are, such as "Soft targets".</param>
/// <param name="Quantity">The title of the colour bar, such as "soft target".</param>
/// <param name="Classes">The names of the columns.</param>
/// <param name="Rows">The examples.</param>
internal sealed record ExampleMatrix(string Title, string Quantity, IReadOnlyList<string> Classes, IReadOnlyList<ExampleRow> Rows);
