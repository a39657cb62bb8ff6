using Hypergrad.Cli.Reporting;

namespace Hypergrad.Tests.Cli.Reporting;

[TestFixture]
public sealed class ReportWriterTests
{
    [Test, Explicit("Writes the sample pages to the temporary folder, for the eye.")]
    public void Write_Samples()
    {
        string folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "hypergrad-report")).FullName;
        File.WriteAllText(Path.Combine(folder, "typical.html"), PageOf(SampleReports.Typical()));
        File.WriteAllText(Path.Combine(folder, "unusual.html"), PageOf(SampleReports.Unusual()));
        TestContext.Out.WriteLine(folder);
    }

    private static string PageOf(TuningReport report)
    {
        var page = new StringWriter();
        ReportWriter.Write(page, report);
        return page.ToString();
    }
}
