using Hypergrad.Cli.Reporting.Markup;

namespace Hypergrad.Cli.Reporting.Charts;

/// <summary>
/// Invisible columns over a chart. The one under the pointer shows its place and the values of all curves there;
/// the style sheet does it, without a script.
/// </summary>
internal static class Readouts
{
    public static void Draw(MarkupWriter markup, PlotFrame frame, ChartLayout layout, LineChartData data)
    {
        double[] places = Thin([.. data.Series.SelectMany(s => s.X).Distinct().Order()], layout.Readouts);
        var values = data.Series.Select(IndexOfPlace).ToArray();
        using var group = markup.Element("g", ("class", "readouts"));
        for (int i = 0; i < places.Length; i++)
        {
            double left = i == 0 ? frame.Left : frame.X((places[i - 1] + places[i]) / 2);
            double right = i == places.Length - 1 ? frame.Right : frame.X((places[i] + places[i + 1]) / 2);
            using var column = markup.Element("g");
            markup.EmptyElement("rect",
                ("x", Px(left)), ("y", Px(frame.Top)), ("width", Px(right - left)), ("height", Px(frame.Bottom - frame.Top)));
            markup.EmptyElement("path", ("d", $"M{Px(frame.X(places[i]))} {Px(frame.Top)}V{Px(frame.Bottom)}"));
            int[] at = [.. values.Select(v => v.GetValueOrDefault(places[i], -1))];
            markup.TextElement("text", Describe(layout, data, at, places[i]),
                ("x", Px(frame.Right)), ("y", Px(layout == ChartLayout.Narrow ? frame.Top - 8 : layout.FontSize)));
        }
    }

    /// <summary>The place and the value of each curve there, in the words there is room for.</summary>
    private static string Describe(ChartLayout layout, LineChartData data, int[] at, double place)
    {
        bool isPanel = layout == ChartLayout.Panel, isUnnamed = isPanel || data.Series.Count == 1;
        var parts = data.Series.Zip(at).Where(pair => pair.Second >= 0).Select(pair =>
        {
            var (series, i) = pair;
            string value = Numbers.WithError(new(series.Y[i], series.StandardErrors?[i]));
            return isUnnamed ? value : $"{series.Name} {value}";
        });
        string step = layout == ChartLayout.Wide ? $"{data.XTitle} {Numbers.Significant(place)}" : Numbers.Significant(place);
        return $"{step}: {string.Join(isPanel ? " → " : ", ", parts)}";
    }

    private static Dictionary<double, int> IndexOfPlace(ChartSeries series) =>
        series.X.Select((x, i) => (X: x, Index: i)).DistinctBy(point => point.X).ToDictionary(point => point.X, point => point.Index);

    private static double[] Thin(double[] places, int most)
    {
        int stride = Math.Max(1, (places.Length + most - 1) / most);
        return [.. places.Where((_, i) => i % stride == 0)];
    }

    private static string Px(double value) => Numbers.Coordinate(value);
}
