namespace Hypergrad.Experiments.Pages;

/// <summary>The style sheet of pages.</summary>
internal static class PageStyle
{
    public static string Text { get; } = Theme.Variables + """
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, "Segoe UI", Roboto, Arial, sans-serif;
          font-variant-numeric: tabular-nums; }
        main { max-width: 1024px; margin: 0 auto; padding: 36px 32px 72px; }
        h1 { font-size: 1.8rem; line-height: 1.2; margin: 4px 0 12px; text-wrap: balance; }
        h2 { font-size: 1.15rem; margin: 0 0 4px; }
        section { border-top: 1px solid var(--rule); margin-top: 32px; padding-top: 20px; }
        p { margin: 0 0 8px; max-width: 56em; }
        a { color: var(--series-1); }
        .caption { color: var(--muted); font-size: 0.9rem; }
        .finding { border-left: 4px solid var(--good); background: var(--raised); padding: 10px 14px; margin: 12px 0 0; max-width: 62em; }
        .finding.differs { border-color: var(--bad); }
        .finding strong { color: var(--good); }
        .finding.differs strong { color: var(--bad); }
        .scroller { overflow-x: auto; }
        table { border-collapse: collapse; margin-top: 8px; font-size: 0.92rem; }
        th, td { padding: 5px 18px 5px 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--rule); font-weight: 400; }
        th { color: var(--muted); }
        td { overflow-wrap: anywhere; }
        svg { display: block; width: 100%; height: auto; margin-top: 10px; }
        .narrow { display: none; }
        @media (max-width: 700px) {
          main { padding: 18px 14px 48px; }
          h1 { font-size: 1.4rem; }
          .wide { display: none; }
          .narrow { display: block; } }

        """;
}
