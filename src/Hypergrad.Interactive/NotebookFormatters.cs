using Hypergrad.Hypergradients;
using Hypergrad.MetaOptimization;
using Hypergrad.Networks;
using Hypergrad.Runs;
using Microsoft.DotNet.Interactive.Formatting;

namespace Hypergrad.Interactive;

/// <summary>How networks, runs, hypergradients and tunings show themselves in notebooks: as tables, and as one line of text.</summary>
public static class NotebookFormatters
{
    /// <summary>
    /// Registers the formatters of this library, for HTML and for plain text. A notebook that loads the package by <c>#r "nuget:
    /// Hypergrad.Interactive"</c> has it done; registering again changes nothing.
    /// </summary>
    public static void Register()
    {
        Register<Network>(NetworkHtml.Of);
        Register<TrainingRun>(TrainingRunHtml.Of);
        Register<Hypergradient>(HypergradientHtml.Of);
        Register<TuningResult>(TuningResultHtml.Of);
    }

    private static void Register<T>(Func<T, string> html)
    {
        Formatter.Register(html, HtmlFormatter.MimeType);
        Formatter.Register<T>(value => value?.ToString() ?? "", PlainTextFormatter.MimeType);
        Formatter.SetPreferredMimeTypesFor(typeof(T), HtmlFormatter.MimeType);
    }
}
