namespace Hypergrad.Cli.Reporting.Charts;

/// <summary>Titles an axis with its quantity, its unit, and whether it is logarithmic.</summary>
internal static class AxisTitle
{
    public static string For(string quantity, string unit, AxisScale scale)
    {
        string[] remarks = [.. new[] { unit, scale.IsLogarithmic ? "log scale" : "" }.Where(remark => remark.Length > 0)];
        return remarks.Length == 0 ? quantity : $"{quantity} ({string.Join(", ", remarks)})";
    }
}
