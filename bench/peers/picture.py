"""Time and memory against the number of steps and against the width, a line for every system, as one SVG of one column, which can be read
on a narrow screen too, and follows light and dark."""
import math
from xml.sax.saxutils import escape

WIDTH, HEIGHT, LEFT, TOP, GAP, RIGHT = 400, 230, 66, 40, 92, 22
# A system's colour in the light and in the dark, and its dashes.
LINES = {
    "Hypergrad managed, reversible": ("#005fae", "#6cb6ff", ""),
    "Hypergrad managed, memory": ("#2a86c8", "#a5d8ff", "7 3"),
    "Hypergrad managed, values": ("#2a86c8", "#a5d8ff", "2 3"),
    "Hypergrad managed, drmad": ("#00775c", "#4fd1b0", "3 3"),
    "Hypergrad native-host, reversible": ("#5b3fa8", "#b9a3ff", ""),
    "PyTorch, unrolled": ("#b84600", "#ff9a5a", ""),
    "PyTorch, checkpointed": ("#96690a", "#e8c04a", "7 3"),
    "LibTorch, unrolled": ("#b01c2e", "#ff8a8a", ""),
    "LibTorch, checkpointed": ("#b0427f", "#f2a0d0", "7 3"),
    "JAX, scan": ("#3f7d20", "#9ad46c", ""),
    "JAX, remat": ("#667a00", "#c9d65c", "7 3"),
    "numpy, 2015's arithmetic": ("#5a5a5a", "#bcbcbc", "3 3"),
    "numpy, DrMAD's arithmetic": ("#7a5d20", "#cbb27a", "2 4"),
}
DASHES = [dashes for *_, dashes in LINES.values()]


def style():
    light = "".join(f".l{i}{{stroke:{colour}}}.d{i}{{fill:{colour}}}" for i, (colour, _, _) in enumerate(LINES.values()))
    dark = "".join(f".l{i}{{stroke:{colour}}}.d{i}{{fill:{colour}}}" for i, (_, colour, _) in enumerate(LINES.values()))
    return ("text{font:13px system-ui,sans-serif;fill:#222}.grid{stroke:#ddd}.page{fill:#fff}.line{fill:none;stroke-width:2}" + light
            + "@media (prefers-color-scheme:dark){text{fill:#ddd}.grid{stroke:#444}.page{fill:#181818}" + dark + "}")


def ticks(low, high):
    powers = [10.0 ** p for p in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)]
    steps = (1, 2, 5) if high / low < 200 else (1,)
    return [t for t in (m * p for p in powers for m in steps) if low * 0.999 <= t <= high * 1.001]


def text_of(value):
    return f"{value:g}" if value < 10000 else f"{value / 1000:g}k"


def text(x, y, words, attributes=""):
    return f'<text x="{x}" y="{y}" {attributes}>{escape(words)}</text>'


def panel(y0, title, xlabel, ylabel, lines):
    points = [point for line in lines.values() for point in line]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    xlow, xhigh = min(xs), max(max(xs), min(xs) * 1.5)
    ylow, yhigh = min(ys) / 1.3, max(ys) * 1.3

    def place(x, y):
        across = math.log(x / xlow) / math.log(xhigh / xlow)
        up = math.log(y / ylow) / math.log(yhigh / ylow)
        return LEFT + across * WIDTH, y0 + HEIGHT - up * HEIGHT

    parts = [text(8, y0 - 14, title, 'font-weight="600"')]
    for tick in ticks(ylow, yhigh):
        _, y = place(xlow, tick)
        parts.append(f'<path class="grid" d="M{LEFT} {y:.1f}h{WIDTH}"/>')
        parts.append(text(LEFT - 6, round(y + 4, 1), text_of(tick), 'text-anchor="end"'))
    for value in sorted(set(xs)):
        x, _ = place(value, ylow)
        parts.append(f'<path class="grid" d="M{x:.1f} {y0}v{HEIGHT}"/>')
        parts.append(text(round(x, 1), y0 + HEIGHT + 18, text_of(value), 'text-anchor="middle"'))
    parts.append(text(LEFT + WIDTH / 2, y0 + HEIGHT + 38, xlabel, 'text-anchor="middle"'))
    parts.append(f'<text transform="translate(16 {y0 + HEIGHT / 2}) rotate(-90)" text-anchor="middle">{escape(ylabel)}</text>')
    for name, line in lines.items():
        i = list(LINES).index(name)
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in (place(*point) for point in sorted(line)))
        parts.append(f'<polyline points="{path}" class="line l{i}" stroke-dasharray="{DASHES[i]}"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" class="d{i}"/>' for x, y in (place(*point) for point in line)]
    return "".join(parts)


def panels_of(measured, clock):
    """Title, label and lines of each panel: times for every number of threads, memory for the smallest."""
    time = "Processor time" if clock == "processorSeconds" else "Time"
    found = []
    for kind, against, xlabel in (("steps", "the number of steps", "training steps"), ("width", "the width", "units of a hidden layer")):
        counts = sorted({entry["threads"] for entry in measured if entry["kind"] == kind})
        wanted = [(threads, time, clock, 1e3, "ms") for threads in counts]
        wanted += [(threads, "Memory", "memory", 1e-6, "MB") for threads in counts[:1]]
        for threads, what, field, scale, unit in wanted:
            lines = {}
            for entry in measured:
                if (entry["kind"], entry["threads"]) == (kind, threads):
                    for name, answer in entry["answers"].items():
                        lines.setdefault(name, []).append((entry["x"], max(answer[field] * scale, 1e-3)))
            found.append((f"{what} against {against}, {threads} thread{'s' if threads > 1 else ''}", xlabel, unit, lines))
    return found


def draw(measured, clock):
    """The picture of the entries that run.py makes, with the named one of an answer's times."""
    panels = panels_of(measured, clock)
    drawn = {name for *_, lines in panels for name in lines}
    names = [name for name in LINES if name in drawn]
    parts, y = [], TOP
    for name in names:
        line = list(LINES).index(name)
        parts.append(f'<path d="M8 {y - 4}h30" class="line l{line}" stroke-dasharray="{DASHES[line]}"/>')
        parts.append(text(46, y, name))
        y += 21
    y += 36
    for title, xlabel, unit, lines in panels:
        parts.append(panel(y, title, xlabel, unit, lines))
        y += HEIGHT + GAP
    width, height = LEFT + WIDTH + RIGHT, y - GAP + 54
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
            f'aria-label="Time and memory of hypergradients by several systems"><style>{style()}</style>'
            f'<rect class="page" width="{width}" height="{height}"/>{"".join(parts)}</svg>\n')
