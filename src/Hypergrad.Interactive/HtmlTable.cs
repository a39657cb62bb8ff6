using System.Globalization;
using System.Net;
using System.Text;

namespace Hypergrad.Interactive;

/// <summary>A table as HTML, in the colours of the page that it is put into; what is written into it is encoded.</summary>
internal sealed class HtmlTable
{
    private readonly StringBuilder html = new();
    private readonly bool[] isNumber;

    /// <summary>Begins a table.</summary>
    /// <param name="caption">What it shows.</param>
    /// <param name="columns">The heads of its columns; those that begin with '#' are of numbers, which stand to the right.</param>
    public HtmlTable(string caption, params string[] columns)
    {
        isNumber = [.. columns.Select(column => column.StartsWith('#'))];
        html.Append("<table><caption style=\"text-align:left\">").Append(Encoded(caption)).Append("</caption><thead><tr>");
        for (int i = 0; i < columns.Length; i++)
            html.Append("<th scope=\"col\"").Append(StyleOf(i)).Append('>').Append(Encoded(columns[i].TrimStart('#'))).Append("</th>");
        html.Append("</tr></thead><tbody>");
    }

    /// <summary>Adds a row.</summary>
    /// <param name="cells">As many as there are columns.</param>
    public HtmlTable Row(params string[] cells)
    {
        html.Append("<tr>");
        for (int i = 0; i < cells.Length; i++)
            html.Append("<td").Append(StyleOf(i)).Append('>').Append(Encoded(cells[i])).Append("</td>");
        html.Append("</tr>");
        return this;
    }

    /// <summary>The table.</summary>
    public override string ToString() => html + "</tbody></table>";

    /// <summary>A number in at most six digits; a dash for one that is not there.</summary>
    public static string Number(double? value) =>
        value is { } number && !double.IsNaN(number) ? number.ToString("G6", CultureInfo.InvariantCulture) : "–";

    /// <summary>A count, its thousands apart.</summary>
    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Text as HTML has it.</summary>
    public static string Encoded(string text) => WebUtility.HtmlEncode(text);

    private string StyleOf(int column) => isNumber[column] ? " style=\"text-align:right\"" : " style=\"text-align:left\"";
}
