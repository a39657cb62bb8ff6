namespace Hypergrad.Tests.Cli.Reporting;

/// <summary>What the tests ask of a page, in the browser's language. Each returns lines of text, or nothing.</summary>
internal static class PageScripts
{
    /// <summary>The violations that axe-core finds, but for contrast; one line each. It fails where no rule was tried.</summary>
    public const string Axe = """
        async () => {
          const result = await axe.run(document, { resultTypes: ['violations'], rules: { 'color-contrast': { enabled: false } } });
          if (result.passes.length < 10) return ['only ' + result.passes.length + ' rules apply'];
          return result.violations.map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.target + ' ' + n.failureSummary).join(' | '));
        }
        """;

    /// <summary>
    /// Defines <c>kindsOfText</c>: the text that is seen, by all that its contrast depends on, the elements around it and the colours and
    /// sizes that they have, with the first element of each kind.
    /// </summary>
    public const string DefineKinds = """
        () => {
          window.kindsOfText = () => {
            const around = new Map(), kinds = new Map();
            const kindOf = part => {
              if (!part) return '';
              if (!around.has(part)) {
                const style = getComputedStyle(part);
                around.set(part, [kindOf(part.parentElement), part.tagName, part.getAttribute('class'), style.color, style.backgroundColor,
                  style.backgroundImage, style.opacity, style.textShadow, style.position].join(' '));
              }
              return around.get(part);
            };
            for (const part of document.body.querySelectorAll('*:not(svg, svg *)')) {
              if (![...part.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim()) || !part.checkVisibility()) continue;
              const style = getComputedStyle(part), kind = `${kindOf(part)} ${style.fontSize} ${style.fontWeight}`;
              if (!kinds.has(kind)) kinds.set(kind, part);
            }
            return kinds;
          };
        }
        """;

    /// <summary>
    /// Notes which kinds of text there are in a window, given its name, for <see cref="Shorten"/> to leave one of each and for
    /// <see cref="AxeContrast"/> to find them all.
    /// </summary>
    public const string NoteKinds = """
        window => {
          const kinds = kindsOfText();
          (globalThis.notedKinds ??= {})[window] = [...kinds.keys()];
          globalThis.firstOfKind ??= new Set();
          kinds.forEach(part => firstOfKind.add(part));
          return [];
        }
        """;

    /// <summary>
    /// Judges by axe-core how text contrasts, one text of each kind, since measuring each takes most of the time that axe-core takes. Given
    /// the window's name and the kinds that were judged in a window like it, which are not judged again unless something in them is
    /// positioned, so that it may lie over something else. It fails where hardly any was measured, and where a kind was noted that is not
    /// there any more. Returns what is too faint and, where nothing is, the kinds that were judged.
    /// </summary>
    public const string AxeContrast = """
        async (window, judged) => {
          const known = new Set(judged), kinds = kindsOfText();
          const lost = (notedKinds[window] ?? ['none was noted']).filter(kind => !kinds.has(kind));
          if (lost.length || kinds.size < 10) return { wrong: [`of ${kinds.size} kinds of text these are missing: ${lost.join(' | ')}`], passed: [] };
          const wanted = [...kinds].filter(([kind]) => !known.has(kind) || / (absolute|fixed|sticky)/.test(kind));
          if (wanted.length === 0) return { wrong: [], passed: [] };
          const parts = wanted.map(([, part]) => part);
          const result = await axe.run({ include: parts }, { resultTypes: ['violations'], runOnly: ['color-contrast'] });
          if (result.passes.length + result.violations.length < 1) return { wrong: [`of ${parts.length} kinds of text none was measured`], passed: [] };
          const wrong = result.violations.flatMap(v => v.nodes.slice(0, 3).map(n => n.target + ' ' + n.failureSummary));
          return { wrong, passed: wrong.length ? [] : wanted.map(([kind]) => kind) };
        }
        """;

    /// <summary>
    /// Leaves long tables and charts their first parts, since the others are like them and judging them takes minutes, and of every kind
    /// of text the first.
    /// </summary>
    public const string Shorten = """
        () => {
          const needed = new Set();
          for (const part of firstOfKind)
            for (let each = part; each && !needed.has(each); each = each.parentElement) needed.add(each);
          const keep = (parent, count) => [...parent.children].slice(count).forEach(child => needed.has(child) || child.remove());
          document.querySelectorAll('.confusion tbody, .confusion tr').forEach(part => keep(part, 10));
          document.querySelectorAll('table:not(.confusion) tr').forEach(part => keep(part, 6));
          document.querySelectorAll('table:not(.confusion, .configuration) tbody, .panels, .images, .readouts, .axis')
            .forEach(part => keep(part, 3));
          document.querySelectorAll('details').forEach(part => keep(part, 5));
          document.querySelectorAll('pre.scroller').forEach(part => part.textContent = part.textContent.slice(0, 400));
        }
        """;

    /// <summary>What is wider than the window, and would have to be scrolled sideways.</summary>
    public const string TooWide = """
        () => {
          const root = document.documentElement;
          return root.scrollWidth > root.clientWidth ? [`the page is ${root.scrollWidth} pixels wide`] : [];
        }
        """;

    /// <summary>Drawings and images that a screen reader cannot name, and charts that have no table of their numbers after them.</summary>
    public const string Unnamed = """
        () => {
          const wrong = [];
          for (const drawing of document.querySelectorAll('svg:not([aria-hidden=true]), img')) {
            const name = drawing.tagName === 'img' || drawing.tagName === 'IMG' ? drawing.alt : drawing.getAttribute('aria-label');
            if (!name || name.length < 4) wrong.push('no name: ' + drawing.outerHTML.slice(0, 200));
          }
          for (const chart of document.querySelectorAll('svg.chart.wide, svg.chart.panel')) {
            const after = [...(chart.closest('figure') ?? chart.closest('section')).querySelectorAll('table, pre')]
              .some(numbers => chart.compareDocumentPosition(numbers) & Node.DOCUMENT_POSITION_FOLLOWING);
            if (!after) wrong.push('no numbers: ' + chart.getAttribute('aria-label'));
          }
          return wrong;
        }
        """;

    /// <summary>
    /// Text of drawings of less contrast with the page than 4.5 : 1, and curves and marks of less than 3 : 1 (WCAG 1.4.3 and 1.4.11), which
    /// axe-core does not measure.
    /// </summary>
    public const string Faint = """
        () => {
          const parts = colour => colour.match(/[0-9.]+/g).map(Number);
          const luminance = colour => { const [r, g, b] = parts(colour).slice(0, 3).map(c => c / 255)
            .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
          const ratio = (a, b) => { const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y); return (high + 0.05) / (low + 0.05); };
          const paper = getComputedStyle(document.body).backgroundColor;
          const wrong = new Set();
          let seen = 0;
          const check = (selector, least, colourOf) => document.querySelectorAll(selector).forEach(part => {
            const style = getComputedStyle(part);
            if (style.visibility === 'hidden' || part.getClientRects().length === 0) return;
            const contrast = ratio(colourOf(style), paper);
            seen++;
            if (!(contrast >= least)) wrong.add(`${part.tagName} ${part.getAttribute('class')}: ${contrast.toFixed(2)}`);
          });
          check('svg.chart text', 4.5, style => style.fill);
          check('svg .line, svg .dots, svg .ring, svg .marked', 3, style => style.stroke);
          check('svg .bar, svg .mark.after', 3, style => style.fill);
          check('svg .mark.before', 3, style => style.stroke);
          return seen < 10 ? ['only ' + seen + ' parts were seen'] : [...wrong];
        }
        """;

    /// <summary>What a keyboard can reach as the page stands, in its order: the text or the name of each.</summary>
    public const string Reachable = """
        () => [...document.querySelectorAll('a[href], summary, [tabindex="0"]')].filter(part => part.checkVisibility())
          .map(part => part.getAttribute('aria-label') || part.textContent)
        """;

    /// <summary>Puts the focus on the last link of the contents; returns the part that it leads to.</summary>
    public const string FocusLastLink = """
        () => { const link = [...document.querySelectorAll('nav a')].at(-1); link.focus(); return [link.getAttribute('href')]; }
        """;

    /// <summary>Makes headings of parts as faint on the page as nobody can read them, in whatever colours it has.</summary>
    public const string MakeFaint = """
        () => { document.querySelectorAll('h2').forEach(title => title.style.color = 'rgb(128 128 128 / 0.4)'); return []; }
        """;

    /// <summary>Makes the title so long that it goes beyond the window.</summary>
    public const string Overflow = """
        () => {
          const title = document.querySelector('h1');
          title.textContent = 'results of '.repeat(60);
          title.style.whiteSpace = 'nowrap';
          return [];
        }
        """;

    /// <summary>What has the focus: its text or its name; then what is wrong with how it is shown.</summary>
    public const string Focused = """
        () => {
          const part = document.activeElement, style = getComputedStyle(part), box = part.getBoundingClientRect();
          const wrong = [];
          if (style.outlineStyle === 'none' || parseFloat(style.outlineWidth) === 0) wrong.push('its focus is not shown');
          if (box.bottom <= 0 || box.top >= innerHeight) wrong.push('it is out of sight');
          return [part === document.body ? 'body' : part.getAttribute('aria-label') || part.textContent, ...wrong];
        }
        """;
}
