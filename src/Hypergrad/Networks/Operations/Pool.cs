namespace Hypergrad.Networks.Operations;

/// <summary>
/// The largest or the mean number of each window, channel by channel. Among equals the first one of the window, row by row, is the
/// largest. Windows have no padding.
/// </summary>
/// <param name="Input">a, [batch, height, width, channels].</param>
/// <param name="Windows">Where the windows lie.</param>
/// <param name="IsMaximum">The largest number instead of the mean.</param>
public sealed record Pool(Value Input, Patches Windows, bool IsMaximum) : Operation
{
    /// <inheritdoc/>
    public override IReadOnlyList<Value> Inputs => [Input];

    /// <inheritdoc/>
    public override Shape OutputShape => new(Windows.OutputHeight, Windows.OutputWidth, Windows.Channels);
}
