using Hypergrad.Data;

namespace Hypergrad.Cli.Options;

/// <summary>The data that was asked for, cut and normalised.</summary>
/// <param name="Parts">Its parts.</param>
/// <param name="Normalization">That of the inputs, as it was fitted on the training part, or taken from a model.</param>
/// <param name="Encoding">What was learned in preparing the data, but for the normalisation.</param>
/// <param name="Unknown">The categories that the encoding has not learned, by the part that they stand in.</param>
internal sealed record PreparedData(
    DataSplit Parts, Normalization Normalization, DataEncoding Encoding,
    IReadOnlyList<(string Part, IReadOnlyList<UnknownCategory> Categories)> Unknown);
