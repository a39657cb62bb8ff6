using Hypergrad.Cli.Reporting.Markup;

namespace Hypergrad.Cli.Reporting.Sections;

/// <summary>A command line in which no option is broken at its hyphens.</summary>
internal static class CommandText
{
    public static void Write(MarkupWriter markup, string commandLine)
    {
        string[] words = commandLine.Split(' ');
        for (int i = 0; i < words.Length; i++)
        {
            if (i > 0) markup.Text(" ");
            if (words[i].StartsWith('-')) markup.TextElement("span", words[i], ("class", "option"));
            else markup.Text(words[i]);
        }
    }
}
