using System.Globalization;
using System.Text.RegularExpressions;
using OxyPlot;

namespace Hypergrad.Experiments.Pages;

/// <summary>
/// The colours of pages. Drawings are made in stand-ins, colours that nothing else has, which become variables of the style sheet; so one
/// drawing serves light pages and dark ones.
/// </summary>
internal static partial class Theme
{
    private static readonly (string Name, string Light, string Dark)[] Colours =
    [
        ("ink", "#1b2026", "#e5e8eb"), ("muted", "#5a6570", "#a0aab4"), ("grid", "#e3e6e8", "#2a3037"), ("base", "#9aa3ab", "#5d6873"),
        ("paper", "#fbfbf9", "#14171b"), ("series-1", "#0a5fa8", "#6cb4f5"), ("series-2", "#b84a00", "#f39a55"),
        ("series-3", "#2e7d32", "#7ccf80"), ("series-4", "#7b3fa0", "#c79be6"), ("series-5", "#6f7a84", "#98a3ad"),
        ("series-6", "#a8325e", "#f08bb0"), ("raised", "#ffffff", "#1b1f24"), ("rule", "#dfe2e4", "#2d333a"),
        ("good", "#2e7d32", "#7ccf80"), ("bad", "#b84a00", "#f39a55"),
    ];

    public static OxyColor Ink => StandIn("ink");

    public static OxyColor Muted => StandIn("muted");

    public static OxyColor Grid => StandIn("grid");

    public static OxyColor Base => StandIn("base");

    /// <summary>The colour of a series: 1 to 6, and from 1 again.</summary>
    public static OxyColor Series(int number) => StandIn(string.Create(CultureInfo.InvariantCulture, $"series-{(number - 1) % 6 + 1}"));

    /// <summary>The variables' values, light and dark, for a style sheet.</summary>
    public static string Variables { get; } =
        $":root {{ color-scheme: light dark; {Values(colour => colour.Light)} }}\n"
        + $"@media (prefers-color-scheme: dark) {{ :root {{ {Values(colour => colour.Dark)} }} }}\n";

    /// <summary>A drawing whose stand-ins have become variables.</summary>
    public static string Resolve(string svg) => StandInPattern().Replace(
        svg, match => $"var(--{Colours[int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)].Name})");

    private static OxyColor StandIn(string name) =>
        OxyColor.FromRgb(1, 2, (byte)Array.FindIndex(Colours, colour => colour.Name == name));

    private static string Values(Func<(string Name, string Light, string Dark), string> value) =>
        string.Join(' ', Colours.Select(colour => $"--{colour.Name}: {value(colour)};"));

    [GeneratedRegex(@"rgb\(1,\s*2,\s*(\d+)\)")]
    private static partial Regex StandInPattern();
}
