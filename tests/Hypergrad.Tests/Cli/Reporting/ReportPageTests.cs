using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace Hypergrad.Tests.Cli.Reporting;

/// <summary>
/// The pages in Chromium, as their readers have them: wide and narrow, light and dark, judged by axe-core, and by the keyboard. Skipped
/// where there is no Chromium.
/// </summary>
[TestFixture]
public sealed class ReportPageTests
{
    private const int Wide = 1280, Narrow = 400;

    private static readonly (int Width, bool Dark)[] Windows = [(Wide, false), (Narrow, false), (Narrow, true), (Wide, true)];

    private static readonly string Axe = new BundledAxeScriptProvider().GetScript();

    private IPlaywright playwright = null!;
    private IBrowser browser = null!;
    private ReportPages pages = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        string chromium = RequiredProgram.Find("chromium", "chromium-browser", "google-chrome");
        pages = new ReportPages();
        playwright = await Playwright.CreateAsync();
        Assertions.SetDefaultExpectTimeout(OpenPage.Patience);
        browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = chromium, Args = ["--disable-gpu"] });
    }

    [OneTimeTearDown]
    public async Task End()
    {
        if (browser is not null)
            await browser.DisposeAsync();
        playwright?.Dispose();
        pages?.Dispose();
    }

    [Test]
    public async Task Page_IsAccessible_FitsItsWindow_AndNeedsNothingElse([ValueSource(typeof(ReportPages), nameof(ReportPages.All))] string name)
    {
        await using var open = await OpenPage.Open(browser, pages.Address(name));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(await open.Find(PageScripts.TooWide), Is.Empty, "folded");
            await open.Unfold();
            Assert.That(await open.Find(PageScripts.Unnamed), Is.Empty);
            foreach (var (width, dark) in Windows)
            {
                await open.Show(width, dark);
                Assert.That(await open.Find(PageScripts.TooWide), Is.Empty, $"{width} pixels");
                Assert.That(await open.Find(PageScripts.Faint), Is.Empty, $"dark: {dark}");
            }
            await open.Page.EvaluateAsync(PageScripts.Shorten);
            await open.Page.EvaluateAsync(Axe);
            foreach (var (width, dark) in Windows)
            {
                await open.Show(width, dark);
                Assert.That(await open.Find(PageScripts.AxeContrast), Is.Empty, $"{width} pixels, dark: {dark}");
                // What does not depend on colours is judged once, where parts of the page scroll.
                if ((width, dark) == (Narrow, false))
                    Assert.That(await open.Find(PageScripts.Axe), Is.Empty, $"{width} pixels");
            }
            Assert.That(open.Complaints, Is.Empty);
            Assert.That(open.Requests, Is.EqualTo(new[] { pages.Address(name) }));
        }
    }

    [Test]
    public async Task Keyboard_ReachesEverything_InTheOrderOfThePage(
        [Values(ReportPages.Tuning, ReportPages.Compared)] string name, [Values(Wide, Narrow)] int width)
    {
        await using var open = await OpenPage.Open(browser, pages.Address(name), width);
        await PressesTab(open);
        await open.Page.ReloadAsync();
        await open.Unfold();
        await PressesTab(open);
    }

    private static async Task PressesTab(OpenPage open)
    {
        string[] reachable = await open.Find(PageScripts.Reachable);
        Assert.That(reachable, Has.Length.GreaterThan(5).And.All.Not.Empty);
        foreach (string expected in reachable)
        {
            await open.Page.Keyboard.PressAsync("Tab");
            Assert.That(await open.Find(PageScripts.Focused), Is.EqualTo(new[] { expected }));
        }
    }

    [Test]
    public async Task Keyboard_UnfoldsATable_AndScrollsIt()
    {
        await using var open = await OpenPage.Open(browser, pages.Address(ReportPages.Sample), Narrow);
        var fold = open.Page.Locator("details").First;
        var table = fold.Locator(".scroller");
        await Assertions.Expect(table).ToBeHiddenAsync();
        await fold.Locator("summary").FocusAsync();
        await open.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(table).ToBeVisibleAsync();
        await open.Page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(table).ToBeFocusedAsync();
        await open.Page.Keyboard.PressAsync("ArrowDown");
        await open.Page.WaitForFunctionAsync("() => document.activeElement.scrollTop > 0");
    }

    [Test]
    public async Task Keyboard_FollowsALink_ToItsPart_AndGoesOnThere()
    {
        await using var open = await OpenPage.Open(browser, pages.Address(ReportPages.Tuning), Narrow);
        var link = open.Page.Locator("nav a").Last;
        string target = (await link.GetAttributeAsync("href"))!;
        await link.FocusAsync();
        await open.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(open.Page.Locator($"{target} h2")).ToBeInViewportAsync();
        await open.Page.Keyboard.PressAsync("Tab");
        Assert.That(await open.Page.EvaluateAsync<bool>("target => document.querySelector(target).contains(document.activeElement)", target));
    }

    [Test]
    public async Task ScreenReader_HearsTheOutline_AndWhatTheFirstChartShows()
    {
        await using var open = await OpenPage.Open(browser, pages.Address(ReportPages.Tuning));
        string heard = await open.Page.Locator("body").AriaSnapshotAsync();
        Assert.That(heard, Does.StartWith("- main:").And.Match("heading \"[^\"]+\" \\[level=1\\]").And.Match("navigation \"Contents\":")
            .And.Match("heading \"Meta-learning curve\" \\[level=2\\]\\n(.*\\n)+?.*- img \"[^\"]{20,}\""));
    }
}
