using System.Text;

namespace Hypergrad.Experiments.Pages;

/// <summary>The page over all others.</summary>
internal static class IndexPage
{
    public static void Save(string path, IReadOnlyList<Page> pages)
    {
        var body = new StringBuilder("<h1>The experiments</h1>\n");
        PageWriter.Paragraph(body, "What the papers on hypergradients showed, done again with this library. Each page says what its source "
            + "found and what we found; every statement is checked by machine in the run itself.");
        foreach (var page in pages)
        {
            body.Append($"<section><h2><a href=\"{page.Name}.html\">{PageWriter.Escape(page.Experiment.Title)}</a></h2>\n");
            PageWriter.Paragraph(body, page.Experiment.Source, "caption");
            PageWriter.Paragraph(body, page.Study.InShort);
            int held = page.Study.Findings.Count(finding => finding.Holds);
            body.Append($"<p class=\"finding{(page.Holds ? "" : " differs")}\"><strong>{held} of {page.Study.Findings.Count} hold")
                .Append("</strong></p></section>\n");
        }
        PageWriter.Save(path, "The experiments", body.ToString());
    }
}
