namespace Hypergrad.Cli.Reporting.Markup;

/// <summary>
/// The look of the page. Blue and orange carry the meaning, with lightness and dashes beside them, so that it survives grey print and
/// colour blindness. The text must hold neither an ampersand nor a less-than sign, which XML would read as markup.
/// </summary>
internal static class Stylesheet
{
    public const string Text = Colours + Page + Parts + Drawings + Narrow;

    private const string Colours = """

        :root { color-scheme: light dark;
          --paper: #fbfbf9; --raised: #ffffff; --ink: #1b2026; --muted: #5a6570; --rule: #dfe2e4; --grid: #e6e8ea; --base: #9aa3ab;
          --accent: #0a5fa8; --test: #b84a00; --training: #6f7a84; --before: #7d8790; --ghost: #dde1e4;
          --better: #0a5fa8; --worse: #b84a00; --warning: #b84a00; --warning-paper: #fff4ea; --pointer: #1b2026; --hatch: #e3e5e7;
          --first: #0a5fa8; --second: #b84a00; --third: #00715a; --fourth: #a2337f; --fifth: #7a6200; --sixth: #3d6d86;
          --seventh: #8a4b38; --eighth: #55606b; }
        @media screen and (prefers-color-scheme: dark) { :root {
          --paper: #14171b; --raised: #1b1f24; --ink: #e5e8eb; --muted: #a0aab4; --rule: #2d333a; --grid: #282e35; --base: #5d6873;
          --accent: #6cb4f5; --test: #f39a55; --training: #98a3ad; --before: #8a949e; --ghost: #343b43;
          --better: #6cb4f5; --worse: #f39a55; --warning: #f39a55; --warning-paper: #2b2119; --pointer: #e5e8eb; --hatch: #2b3138;
          --first: #6cb4f5; --second: #f39a55; --third: #3fc49d; --fourth: #e489c4; --fifth: #d9bf3f; --sixth: #8fc4dd;
          --seventh: #d79c86; --eighth: #b3bcc5; } }
        """;

    private const string Page = """

        * { box-sizing: border-box; }
        html { -webkit-text-size-adjust: 100%; }
        @media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
        body { margin: 0; background: var(--paper); color: var(--ink);
          font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
          font-variant-numeric: tabular-nums; }
        main { max-width: 1044px; margin: 0 auto; padding: 40px 32px 72px; }
        h1 { font-size: 1.9rem; line-height: 1.2; font-weight: 650; letter-spacing: -0.015em; margin: 4px 0 10px; text-wrap: balance;
          overflow-wrap: anywhere; }
        h2 { font-size: 1.25rem; font-weight: 650; letter-spacing: -0.005em; margin: 0 0 4px; }
        h3 { font-size: 1rem; font-weight: 600; margin: 0; }
        figcaption h3::first-letter { text-transform: uppercase; }
        h4 { font-size: 0.875rem; font-weight: 600; margin: 12px 0 4px; }
        p { margin: 0 0 8px; }
        a { color: var(--accent); }
        section { border-top: 1px solid var(--rule); margin-top: 40px; padding-top: 24px; }
        figure { margin: 24px 0 0; }
        .origin, .explanation, .reading, figcaption p { color: var(--muted); font-size: 0.9rem; }
        .origin { margin: 0; }
        .summary { font-size: 1.06rem; max-width: 46em; }
        .explanation { max-width: 52em; margin-bottom: 16px; }
        .reading { margin: 6px 0 0; }
        figcaption p { margin: 2px 0 8px; max-width: 60em; }
        nav { display: flex; flex-wrap: wrap; gap: 4px 20px; font-size: 0.9rem; margin-top: 24px; }
        nav a { text-decoration: none; }
        nav a:hover { text-decoration: underline; }
        """;

    private const string Parts = """

        .note { border-left: 3px solid var(--base); background: var(--raised); padding: 10px 14px; margin: 14px 0 0;
          max-width: 60em; font-size: 0.95rem; }
        .note.warning { border-color: var(--warning); background: var(--warning-paper); }
        .note strong { margin-right: 4px; }
        .warning strong { color: var(--warning); }
        .headlines { display: grid; grid-template-columns: repeat(auto-fit, minmax(168px, 1fr)); gap: 1px; margin-top: 28px;
          background: var(--raised); border: 1px solid var(--rule); border-radius: 8px; overflow: hidden; }
        .headline { box-shadow: 0 0 0 1px var(--rule); padding: 14px 16px 12px; }
        .headline .figure-name { font-size: 0.85rem; font-weight: 500; color: var(--muted); margin: 0; }
        .headline .figure-name::first-letter { text-transform: uppercase; }
        .headline .value { margin: 2px 0 0; line-height: 1.3; }
        .headline .value span { white-space: nowrap; }
        .headline .number { font-size: 1.65rem; font-weight: 600; letter-spacing: -0.02em; }
        .headline .error { color: var(--muted); font-size: 0.85rem; }
        .headline .from { margin: 0; font-size: 0.85rem; color: var(--muted); }
        .headline .change { margin: 2px 0 0; font-size: 0.9rem; }
        .better { color: var(--better); font-weight: 600; }
        .worse { color: var(--worse); font-weight: 600; }
        .facts { display: flex; flex-wrap: wrap; gap: 10px 36px; margin: 18px 0 0; }
        .facts dt { font-size: 0.8rem; color: var(--muted); }
        .facts dd { margin: 0; font-weight: 500; }
        details { margin-top: 10px; font-size: 0.875rem; }
        summary { color: var(--muted); cursor: pointer; width: fit-content; }
        summary:hover { color: var(--ink); }
        .scroller { overflow: auto; max-height: 420px; margin: 8px 0 0; border: 1px solid var(--rule); border-radius: 6px;
          background: var(--raised); }
        .scroller.whole { max-height: none; }
        table { border-collapse: collapse; }
        .numbers th, .numbers td { padding: 3px 14px; text-align: right; white-space: nowrap; font-weight: 400; }
        .numbers thead th { position: sticky; top: 0; background: var(--raised); font-weight: 600; box-shadow: 0 1px 0 var(--rule); }
        .numbers th:first-child { text-align: left; color: var(--muted); }
        .numbers tbody tr:hover { background: var(--paper); }
        .confusion td { background: color-mix(in srgb, var(--worse) calc(var(--share) * 45%), transparent); padding: 3px 10px;
          min-width: 3em; }
        .confusion thead th:first-child { white-space: normal; min-width: 5.5em; }
        .confusion td.hit { background: color-mix(in srgb, var(--accent) calc(var(--share) * 40%), transparent); }
        .confusion td:last-child { background: none; color: var(--muted); }
        .comparison td { vertical-align: top; }
        .comparison .best { font-weight: 700; }
        .comparison .from { display: block; color: var(--muted); font-size: 0.8rem; font-weight: 400; }
        .settings td, .settings th { white-space: normal; text-align: left; vertical-align: top; min-width: 9em; overflow-wrap: anywhere; }
        .settings tr.same { color: var(--muted); }
        .extremes { display: flex; flex-wrap: wrap; gap: 4px 48px; font-size: 0.875rem; margin-top: 8px; }
        .list.baseline { margin-bottom: 20px; }
        .list caption { text-align: left; font-weight: 600; padding: 6px 0 2px; }
        .list th { text-align: left; font-weight: 400; color: var(--muted); padding: 2px 18px 2px 0; }
        .list td { text-align: right; padding: 2px 18px 2px 0; }
        .list thead th + th { text-align: right; }
        pre { font: 0.82rem/1.5 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
        pre.scroller { padding: 8px 12px; tab-size: 12; }
        .command { background: var(--raised); border: 1px solid var(--rule); border-radius: 6px; padding: 12px 14px; margin: 12px 0 16px;
          white-space: pre-wrap; overflow-wrap: anywhere; }
        .option { white-space: nowrap; }
        .configuration { width: 100%; font-size: 0.92rem; }
        .configuration th { text-align: left; font-weight: 400; color: var(--muted); width: 34%;
          padding: 6px 16px 6px 0; vertical-align: top; }
        .configuration td { padding: 6px 0; overflow-wrap: anywhere; }
        .configuration tr { border-bottom: 1px solid var(--rule); }
        .images { display: grid; gap: 14px; margin: 10px 0 0; }
        .images.small { grid-template-columns: repeat(auto-fill, minmax(76px, 1fr)); }
        .images.medium { grid-template-columns: repeat(auto-fill, minmax(132px, 1fr)); }
        .images.large { grid-template-columns: repeat(auto-fill, minmax(230px, 320px)); }
        .images.small.pairs { grid-template-columns: repeat(auto-fill, minmax(136px, 1fr)); }
        .images.medium.pairs { grid-template-columns: repeat(auto-fill, minmax(168px, 1fr)); }
        .images.large.pairs { grid-template-columns: repeat(auto-fill, minmax(280px, 1fr)); }
        .tile { margin: 0; min-width: 0; }
        .tile figcaption { font-size: 0.78rem; color: var(--muted); line-height: 1.3; margin-top: 3px;
          text-align: center; overflow-wrap: anywhere; }
        .sides { display: flex; gap: 3px; }
        .sides picture { display: contents; }
        .sides img { display: block; flex: 1 1 0; min-width: 0; width: 100%; height: auto;
          image-rendering: pixelated; border: 1px solid var(--rule);
          background: repeating-linear-gradient(45deg, var(--hatch) 0 3px, transparent 3px 6px); }
        """;

    private const string Drawings = """

        .chart { display: block; width: 100%; height: auto; overflow: visible; }
        .chart.narrow, .legend.narrow { display: none; }
        .chart text { fill: var(--muted); font-family: inherit; }
        .chart .axis-title { fill: var(--ink); font-weight: 500; }
        .columns text { text-anchor: middle; }
        .rows text { text-anchor: end; }
        .frame { fill: none; stroke: var(--rule); }
        .grid { stroke: var(--grid); fill: none; }
        .base { stroke: var(--base); fill: none; }
        .line { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
        .dots { fill: none; stroke-width: 5.5; stroke-linecap: round; }
        .ring { fill: none; stroke-width: 1.5; }
        .line.training, .dots.training { stroke: var(--training); }
        .line.training { stroke-width: 1.5; }
        .dots.training { stroke-width: 4; }
        .line.validation, .dots.validation, .ring.validation, .line.after, .dots.after { stroke: var(--accent); }
        .line.validation { stroke-width: 2.5; }
        .line.test, .dots.test, .ring.test { stroke: var(--test); }
        .line.test { stroke-dasharray: 7 4; stroke-linecap: butt; }
        .line.before, .dots.before { stroke: var(--before); }
        .line.before { stroke-width: 1.6; stroke-dasharray: 3 3.5; stroke-linecap: butt; }
        .dots.before { stroke-width: 4; }
        .line.first, .dots.first, .ring.first { stroke: var(--first); }
        .line.second, .dots.second, .ring.second { stroke: var(--second); }
        .line.third, .dots.third, .ring.third { stroke: var(--third); }
        .line.fourth, .dots.fourth, .ring.fourth { stroke: var(--fourth); }
        .line.fifth, .dots.fifth, .ring.fifth { stroke: var(--fifth); }
        .line.sixth, .dots.sixth, .ring.sixth { stroke: var(--sixth); }
        .line.seventh, .dots.seventh, .ring.seventh { stroke: var(--seventh); }
        .line.eighth, .dots.eighth, .ring.eighth { stroke: var(--eighth); }
        .line.second, .line.sixth { stroke-dasharray: 7 4; stroke-linecap: butt; }
        .line.third, .line.seventh { stroke-dasharray: 2 3; stroke-linecap: butt; }
        .line.fourth, .line.eighth { stroke-dasharray: 9 3 2 3; stroke-linecap: butt; }
        .chart .name.first { fill: var(--first); } .chart .name.second { fill: var(--second); }
        .chart .name.third { fill: var(--third); } .chart .name.fourth { fill: var(--fourth); }
        .chart .name.fifth { fill: var(--fifth); } .chart .name.sixth { fill: var(--sixth); }
        .chart .name.seventh { fill: var(--seventh); } .chart .name.eighth { fill: var(--eighth); }
        .band { fill: var(--accent); fill-opacity: 0.14; stroke: none; }
        .band.before { fill: var(--before); }
        .band.test { fill: var(--test); }
        .marked { fill: none; stroke: var(--ink); stroke-dasharray: 2 3; }
        .chart .marked-name { fill: var(--ink); font-weight: 600; paint-order: stroke; stroke: var(--paper); stroke-width: 4px; }
        .chart .left { text-anchor: end; }
        .chart .values-title { fill: var(--muted); }
        .bar { fill: var(--accent); }
        .pixels { image-rendering: pixelated; }
        .on-dark { display: none; }
        @media screen and (prefers-color-scheme: dark) { .on-dark { display: inline; } .on-light { display: none; } }
        .class-mark { fill: #ffffff; stroke: #000000; }
        .ghost { fill: none; stroke: var(--ghost); stroke-width: 1; }
        .chart .name { font-weight: 600; }
        .chart .name.validation, .chart .name.after { fill: var(--accent); }
        .chart .name.test { fill: var(--test); }
        .chart .panel-title { fill: var(--ink); font-weight: 600; }
        .absent { text-anchor: middle; }
        .way { stroke: var(--accent); stroke-width: 2; stroke-opacity: 0.45; fill: none; }
        .mark.before { fill: var(--paper); stroke: var(--before); stroke-width: 2; }
        .mark.after { fill: var(--accent); }
        .chart .row-name { text-anchor: end; fill: var(--ink); }
        .row-value { text-anchor: end; }
        .readouts rect { fill: transparent; }
        .readouts path { stroke: var(--pointer); stroke-opacity: 0.4; visibility: hidden; }
        .chart .readouts text { visibility: hidden; text-anchor: end; fill: var(--ink); pointer-events: none; }
        .readouts g:hover path, .readouts g:hover text { visibility: visible; }
        .legend { list-style: none; display: flex; flex-wrap: wrap; gap: 2px 18px; margin: 0 0 8px; padding: 0;
          font-size: 0.875rem; color: var(--muted); }
        .legend svg { vertical-align: -1px; }
        .panels { display: grid; grid-template-columns: repeat(auto-fill, minmax(150px, 1fr)); gap: 14px 18px; }
        @media not all and (max-width: 700px) {
          .panels { grid-template-columns: repeat(4, 1fr); }
          .panels.three { grid-template-columns: repeat(3, minmax(0, 270px)); } }
        .colour-bar { max-width: 340px; margin-left: -24px; }
        """;

    private const string Narrow = """

        @media screen and (max-width: 700px) {
          main { padding: 20px 14px 48px; }
          h1 { font-size: 1.5rem; }
          section { margin-top: 30px; padding-top: 18px; }
          .headlines { grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); }
          .headline { padding: 10px 12px; }
          .headline .number { font-size: 1.4rem; }
          .confusion th, .confusion td { padding: 3px 6px; min-width: 0; }
          .comparison th, .comparison td, .settings th, .settings td { padding: 3px 8px; }
          .comparison tbody th { white-space: normal; min-width: 7em; }
          .settings th { min-width: 8.5em; }
          .settings td, .settings thead th + th { min-width: 13em; }
          .chart.wide { display: none; }
          .chart.narrow { display: block; max-width: 540px; }
          .legend.narrow { display: flex; } }
        @media print {
          body { background: none; font-size: 11pt; }
          main { max-width: none; padding: 0; }
          nav, details, .readouts { display: none; }
          p, .chart, .headline, .tile, h2, figcaption { break-inside: avoid; }
          h2, h3, .explanation, figcaption, .legend, .colour-bar { break-after: avoid; } }

        """;
}
