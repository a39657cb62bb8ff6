using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.RegularExpressions;
using Hypergrad.Wording;

namespace Hypergrad.Cli.Options;

/// <summary>Sizes of memory as options give them and tables show them: <c>4GB</c>, <c>500 MB</c>, <c>16GiB</c>, <c>1000000</c>.</summary>
internal static partial class MemorySize
{
    private static readonly string[] Units = ["bytes", "kB", "MB", "GB", "TB"];

    /// <summary>Reads a size, in bytes; at least 1.</summary>
    public static long Read(ArgumentResult argument)
    {
        string text = argument.Tokens[0].Value;
        var match = Form().Match(text);
        string unit = match.Groups[2].Value.ToUpperInvariant();
        if (match.Success && NumberText.TryReal(match.Groups[1].Value, out double number)
            && number * Factor(unit) is >= 1 and < long.MaxValue and var bytes)
            return (long)bytes;
        string option = argument.Parent is OptionResult given ? given.Option.Name : argument.Argument.Name;
        string advice = NumberText.Advice(text.TrimEnd([.. "kKMGTiB "])) ?? "write a size such as 4GB, 500MB, 16GiB, or a number of bytes";
        argument.AddError($"{option} {Quoted.Name(text)}: {advice}.");
        return 0;
    }

    /// <summary>A size for people: "18.3 GB".</summary>
    public static string Text(double bytes)
    {
        int unit = 0;
        for (; bytes >= 1000 && unit + 1 < Units.Length; unit++)
            bytes /= 1000;
        return string.Create(CultureInfo.InvariantCulture, $"{bytes:G3} {Units[unit]}");
    }

    private static double Factor(string unit)
    {
        int power = unit.Length == 0 ? 0 : "BKMGT".IndexOf(unit[0], StringComparison.Ordinal);
        return Math.Pow(unit.Contains('I') ? 1024 : 1000, power);
    }

    [GeneratedRegex("^([0-9.eE+]+) ?(|B|[kKMGT]i?B?)$", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
