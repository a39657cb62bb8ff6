using System.Text.Json;
using Microsoft.Playwright;

namespace Hypergrad.Tests.Cli.Reporting;

/// <summary>A page in a window of the browser, which notes what the page says to its console and what it asks the network for.</summary>
internal sealed class OpenPage : IAsyncDisposable
{
    /// <summary>How long a page may take, in milliseconds, on a machine that is busy.</summary>
    public const int Patience = 120_000;

    private const int Height = 900;

    private readonly IBrowserContext window;
    private readonly List<string> complaints = [], requests = [];

    private OpenPage(IBrowserContext window, IPage page)
    {
        (this.window, Page) = (window, page);
        page.Console += (_, message) => complaints.Add($"{message.Type}: {message.Text}");
        page.PageError += (_, error) => complaints.Add(error);
        page.Request += (_, request) => requests.Add(request.Url);
    }

    public IPage Page { get; }

    /// <summary>What was written to the console: it is to be nothing.</summary>
    public IReadOnlyList<string> Complaints => complaints;

    /// <summary>What was asked for; data within the page is no request.</summary>
    public IEnumerable<string> Requests => requests.Where(address => !address.StartsWith("data:", StringComparison.Ordinal));

    /// <summary>Opens a page, in light colours.</summary>
    /// <param name="browser">The browser.</param>
    /// <param name="address">The page.</param>
    /// <param name="width">The width of the window, in pixels.</param>
    public static async Task<OpenPage> Open(IBrowser browser, string address, int width = 1280)
    {
        var window = await browser.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = Height },
            ColorScheme = ColorScheme.Light,
            ReducedMotion = ReducedMotion.Reduce,
        });
        window.SetDefaultTimeout(Patience);
        var opened = new OpenPage(window, await window.NewPageAsync());
        await opened.Page.GotoAsync(address);
        return opened;
    }

    /// <summary>The lines that a script finds: each of them is something wrong, unless said otherwise.</summary>
    public async Task<string[]> Find(string script) => (await Page.EvaluateAsync<JsonElement>(script)).Deserialize<string[]>()!;

    /// <summary>Changes the width of the window, in pixels, and whether the reader prefers dark pages.</summary>
    public async Task Show(int width, bool dark)
    {
        await Page.SetViewportSizeAsync(width, Height);
        await Page.EmulateMediaAsync(new() { ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light });
    }

    /// <summary>Unfolds everything.</summary>
    public Task Unfold() => Page.EvaluateAsync("() => document.querySelectorAll('details').forEach(fold => fold.open = true)");

    public async ValueTask DisposeAsync() => await window.CloseAsync();
}
