using System.Text.Json;
using Deque.AxeCore.Commons;
using PuppeteerSharp;
using PuppeteerSharp.PageAccessibility;

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

    // Of each kind of window, the kinds of text whose contrast was found good in it, on whatever page.
    private readonly Dictionary<(int Width, bool Dark), HashSet<string>> judged = [];

    private IBrowser browser = null!;
    private IPage window = null!;
    private ReportPages pages = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        string chromium = RequiredProgram.Find("chromium", "chromium-browser", "google-chrome");
        pages = new ReportPages();
        browser = await Puppeteer.LaunchAsync(new()
        {
            ExecutablePath = chromium,
            // It shows pages that were written here alone, and its sandbox refuses to be run by root, as in containers.
            Args = ["--disable-gpu", "--no-sandbox"],
            Timeout = OpenPage.Patience,
            ProtocolTimeout = OpenPage.Patience,
        });
        window = (await browser.PagesAsync())[0];
        window.DefaultTimeout = OpenPage.Patience;
        window.DefaultNavigationTimeout = OpenPage.Patience;
    }

    [OneTimeTearDown]
    public async Task End()
    {
        if (browser is not null)
            await browser.DisposeAsync();
        pages?.Dispose();
    }

    [Test]
    public async Task Page_IsAccessible_FitsItsWindow_AndNeedsNothingElse([ValueSource(typeof(ReportPages), nameof(ReportPages.All))] string name)
    {
        using var open = await OpenPage.Open(window, pages.Address(name));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(await open.Find(PageScripts.TooWide), Is.Empty, "folded");
            await open.Unfold();
            Assert.That(await open.Find(PageScripts.Unnamed), Is.Empty);
            await Prepare(open, async at =>
            {
                Assert.That(await open.Find(PageScripts.TooWide), Is.Empty, $"{at.Width} pixels");
                Assert.That(await open.Find(PageScripts.Faint), Is.Empty, $"dark: {at.Dark}");
            });
            foreach (var at in Windows)
            {
                await open.Show(at.Width, at.Dark);
                Assert.That(await FaintText(open, at), Is.Empty, $"{at.Width} pixels, dark: {at.Dark}");
                // What does not depend on colours is judged once, where parts of the page scroll.
                if (at == (Narrow, false))
                    Assert.That(await open.Find(PageScripts.Axe), Is.Empty, $"{at.Width} pixels");
            }
            Assert.That(open.Complaints, Is.Empty);
            Assert.That(open.Requests, Is.EqualTo(new[] { pages.Address(name) }));
        }
    }

    // What judges the pages would find something, in every window, whatever was found good before.
    [Test]
    public async Task FaintText_AndATitleThatIsTooLong_AreFound([Values(Wide, Narrow)] int width, [Values] bool dark)
    {
        using var open = await OpenPage.Open(window, pages.Address(ReportPages.Compared));
        await Prepare(open, _ => Task.CompletedTask);
        await open.Show(width, dark);
        Assert.That(await FaintText(open, (width, dark)), Is.Empty);
        Assert.That(await open.Find(PageScripts.TooWide), Is.Empty);
        await open.Find(PageScripts.MakeFaint);
        await open.Find(PageScripts.NoteKinds, Name((width, dark)));
        Assert.That(await FaintText(open, (width, dark)), Has.Some.Contains("insufficient color contrast"));
        await open.Find(PageScripts.Overflow);
        Assert.That(await open.Find(PageScripts.TooWide), Has.Length.EqualTo(1).And.Some.Contains("pixels wide"));
    }

    [Test]
    public async Task Keyboard_ReachesEverything_InTheOrderOfThePage(
        [Values(ReportPages.Tuning, ReportPages.Compared)] string name, [Values(Wide, Narrow)] int width)
    {
        using var open = await OpenPage.Open(window, pages.Address(name), width);
        await PressesTab(open);
        await open.Page.ReloadAsync();
        await open.Unfold();
        await PressesTab(open);
    }

    [Test]
    public async Task Keyboard_UnfoldsATable_AndScrollsIt()
    {
        using var open = await OpenPage.Open(window, pages.Address(ReportPages.Sample), Narrow);
        const string Table = "document.querySelector('details .scroller')";
        Assert.That(await open.Page.EvaluateExpressionAsync<bool>($"{Table}.checkVisibility()"), Is.False);
        await open.Page.FocusAsync("details summary");
        await open.Page.Keyboard.PressAsync("Enter");
        await open.Page.WaitForFunctionAsync($"() => {Table}.checkVisibility()");
        await open.Page.Keyboard.PressAsync("Tab");
        await open.Page.WaitForFunctionAsync($"() => {Table} === document.activeElement");
        await open.Page.Keyboard.PressAsync("ArrowDown");
        await open.Page.WaitForFunctionAsync("() => document.activeElement.scrollTop > 0");
    }

    [Test]
    public async Task Keyboard_FollowsALink_ToItsPart_AndGoesOnThere()
    {
        using var open = await OpenPage.Open(window, pages.Address(ReportPages.Tuning), Narrow);
        string target = (await open.Find(PageScripts.FocusLastLink))[0];
        await open.Page.Keyboard.PressAsync("Enter");
        await open.Page.WaitForFunctionAsync("target => { const box = document.querySelector(target + ' h2').getBoundingClientRect(); "
            + "return box.bottom > 0 && box.top < innerHeight; }", target);
        await open.Page.Keyboard.PressAsync("Tab");
        Assert.That(await open.Page.EvaluateFunctionAsync<bool>(
            "target => document.querySelector(target).contains(document.activeElement)", target));
    }

    [Test]
    public async Task ScreenReader_HearsTheOutline_AndWhatTheFirstChartShows()
    {
        using var open = await OpenPage.Open(window, pages.Address(ReportPages.Tuning));
        var page = await open.Page.Accessibility.SnapshotAsync(new() { InterestingOnly = false });
        string heard = string.Concat(page.Children.SelectMany(Heard));
        Assert.That(heard, Does.StartWith("main \"\"").And.Match("heading \"[^\"]+\" 1\n").And.Match("navigation \"Contents\"")
            .And.Match("heading \"Meta-learning curve\" 2\n(.*\n)+?image \"[^\"]{20,}\""));
    }

    // Notes what kinds of text there are in each window, once more has been asked in it, and leaves of the page what axe-core is to judge.
    private static async Task Prepare(OpenPage open, Func<(int Width, bool Dark), Task> ask)
    {
        await open.Page.EvaluateFunctionAsync(PageScripts.DefineKinds);
        foreach (var at in Windows)
        {
            await open.Show(at.Width, at.Dark);
            await ask(at);
            await open.Find(PageScripts.NoteKinds, Name(at));
        }
        await open.Page.EvaluateFunctionAsync(PageScripts.Shorten);
        await open.Page.EvaluateExpressionAsync(Axe);
    }

    private async Task<string[]> FaintText(OpenPage open, (int Width, bool Dark) at)
    {
        if (!judged.TryGetValue(at, out var known))
            judged[at] = known = [];
        var answer = await open.Ask(PageScripts.AxeContrast, Name(at), known);
        known.UnionWith(answer.GetProperty("passed").Deserialize<string[]>()!);
        return answer.GetProperty("wrong").Deserialize<string[]>()!;
    }

    private static string Name((int Width, bool Dark) at) => $"{at.Width} {(at.Dark ? "dark" : "light")}";

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

    // A line for each part: its role, its name and its level. What only lays out, or is the text of the part around it, is no part.
    private static IEnumerable<string> Heard(SerializedAXNode part)
    {
        var within = (part.Children ?? []).SelectMany(Heard);
        return part.Role is "generic" or "none" or "StaticText" or "InlineTextBox"
            ? within
            : within.Prepend($"{part.Role} \"{part.Name}\" {part.Level}\n");
    }
}
