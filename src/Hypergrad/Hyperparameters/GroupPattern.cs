namespace Hypergrad.Hyperparameters;

/// <summary>
/// How the weights of one tensor fall into groups: weight i of the tensor belongs to group First + (i / Divisor) mod Period. A period of 1
/// means that the whole tensor is in one group; a period of the column count means a group per column.
/// </summary>
/// <param name="First">The group of the tensor's first weight.</param>
/// <param name="Period">After how many runs of equal group the pattern repeats.</param>
/// <param name="Divisor">How many weights in a row share a group before the next one comes.</param>
/// <param name="PositionInGroup">How many weights of earlier tensors each of these groups already has.</param>
internal readonly record struct GroupPattern(int First, int Period, int Divisor, int PositionInGroup)
{
    /// <summary>The group of weight i of the tensor.</summary>
    public int GroupOf(int i) => First + i / Divisor % Period;
}
