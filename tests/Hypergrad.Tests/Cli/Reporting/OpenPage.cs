using System.Text.Json;
using PuppeteerSharp;

namespace Hypergrad.Tests.Cli.Reporting;

/// <summary>
/// A page in the window of the browser, which notes what the page says to its console and what it asks the network for. One after another
/// is opened in the same window, since each window costs a process of the browser.
/// </summary>
internal sealed class OpenPage : IDisposable
{
    /// <summary>How long a page may take, in milliseconds, on a machine that is busy.</summary>
    public const int Patience = 120_000;

    private const int Height = 900;

    private readonly List<string> complaints = [], requests = [];

    private OpenPage(IPage window)
    {
        Page = window;
        window.Console += NoteMessage;
        window.PageError += NoteError;
        window.Request += NoteRequest;
    }

    public IPage Page { get; }

    /// <summary>What was written to the console: it is to be nothing.</summary>
    public IReadOnlyList<string> Complaints => complaints;

    /// <summary>What was asked for; data within the page is no request.</summary>
    public IEnumerable<string> Requests => requests.Where(address => !address.StartsWith("data:", StringComparison.Ordinal));

    /// <summary>Opens a page, in light colours.</summary>
    /// <param name="window">The window.</param>
    /// <param name="address">The page.</param>
    /// <param name="width">The width of the window, in pixels.</param>
    public static async Task<OpenPage> Open(IPage window, string address, int width = 1280)
    {
        var opened = new OpenPage(window);
        await opened.Show(width, dark: false);
        await window.GoToAsync(address);
        return opened;
    }

    /// <summary>What a script says, as it says it.</summary>
    public Task<JsonElement> Ask(string script, params object[] arguments) => Page.EvaluateFunctionAsync<JsonElement>(script, arguments);

    /// <summary>The lines that a script finds: each of them is something wrong, unless said otherwise.</summary>
    public async Task<string[]> Find(string script, params object[] arguments) =>
        (await Ask(script, arguments)).Deserialize<string[]>()!;

    /// <summary>Changes the width of the window, in pixels, and whether the reader prefers dark pages.</summary>
    public async Task Show(int width, bool dark)
    {
        await Page.SetViewportAsync(new() { Width = width, Height = Height });
        await Page.EmulateMediaFeaturesAsync(
        [
            new() { MediaFeature = MediaFeature.PrefersColorScheme, Value = dark ? "dark" : "light" },
            new() { MediaFeature = MediaFeature.PrefersReducedMotion, Value = "reduce" },
        ]);
    }

    /// <summary>Unfolds everything.</summary>
    public Task Unfold() => Page.EvaluateFunctionAsync("() => document.querySelectorAll('details').forEach(fold => fold.open = true)");

    public void Dispose()
    {
        Page.Console -= NoteMessage;
        Page.PageError -= NoteError;
        Page.Request -= NoteRequest;
    }

    private void NoteMessage(object? sender, ConsoleEventArgs message) => complaints.Add($"{message.Message.Type}: {message.Message.Text}");

    private void NoteError(object? sender, PageErrorEventArgs error) => complaints.Add(error.Message);

    private void NoteRequest(object? sender, RequestEventArgs request) => requests.Add(request.Request.Url);
}
