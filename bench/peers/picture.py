"""Time and memory against the number of steps and against the width, a line for every system, as one SVG that follows light and dark."""
import math
from xml.sax.saxutils import escape

WIDTH, HEIGHT, LEFT, TOP, GAP = 380, 240, 70, 40, 95
COLOURS = ["#0072b2", "#56b4e9", "#009e73", "#5b3fa8", "#d55e00", "#e69f00", "#b22222", "#cc79a7", "#a05195", "#767676", "#8c6d31"]
DASHES = ["", "", "4 3", "", "", "6 3", "", "", "6 3", "2 3", "2 3"]
STYLE = ("text{font:12px system-ui,sans-serif;fill:#222}.grid{stroke:#ddd}.page{fill:#fff}"
         "@media (prefers-color-scheme:dark){text{fill:#ddd}.grid{stroke:#444}.page{fill:#181818}}")


def ticks(low, high):
    powers = [10.0 ** p for p in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)]
    return [t for t in (m * p for p in powers for m in (1, 2, 5)) if low * 0.999 <= t <= high * 1.001]


def text_of(value):
    return f"{value:g}" if value < 10000 else f"{value / 1000:g}k"


def panel(x0, y0, title, xlabel, ylabel, lines, names):
    points = [point for line in lines.values() for point in line]
    if not points:
        return ""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    xlow, xhigh = min(xs), max(max(xs), min(xs) * 1.5)
    ylow, yhigh = min(ys) / 1.3, max(ys) * 1.3

    def place(x, y):
        across = math.log(x / xlow) / math.log(xhigh / xlow)
        up = math.log(y / ylow) / math.log(yhigh / ylow)
        return x0 + across * WIDTH, y0 + HEIGHT - up * HEIGHT

    parts = [f'<text x="{x0}" y="{y0 - 12}" font-weight="600">{escape(title)}</text>']
    for tick in ticks(ylow, yhigh):
        _, y = place(xlow, tick)
        parts.append(f'<path class="grid" d="M{x0} {y:.1f}h{WIDTH}"/><text x="{x0 - 6}" y="{y + 4:.1f}" text-anchor="end">{text_of(tick)}</text>')
    for value in sorted(set(xs)):
        x, _ = place(value, ylow)
        parts.append(f'<path class="grid" d="M{x:.1f} {y0}v{HEIGHT}"/><text x="{x:.1f}" y="{y0 + HEIGHT + 16}" text-anchor="middle">{text_of(value)}</text>')
    parts.append(f'<text x="{x0 + WIDTH / 2}" y="{y0 + HEIGHT + 34}" text-anchor="middle">{escape(xlabel)}</text>')
    parts.append(f'<text transform="translate({x0 - 52} {y0 + HEIGHT / 2}) rotate(-90)" text-anchor="middle">{escape(ylabel)}</text>')
    for name, line in lines.items():
        i = names.index(name) % len(COLOURS)
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in (place(*point) for point in sorted(line)))
        parts.append(f'<polyline points="{path}" fill="none" stroke="{COLOURS[i]}" stroke-width="2" stroke-dasharray="{DASHES[i]}"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5" fill="{COLOURS[i]}"/>' for x, y in (place(*point) for point in line)]
    return "".join(parts)


def draw(measured, seconds="seconds"):
    """The picture of [((kind, steps, layers), {system: answer})], with the named one of an answer's times."""
    time = "Processor time" if seconds == "processorSeconds" else "Time"
    names = list(dict.fromkeys(name for _, answers in measured for name in answers))

    def lines(kind, field, scale):
        found = {}
        for (of, steps, layers), answers in measured:
            if of == kind:
                for name, answer in answers.items():
                    found.setdefault(name, []).append((steps if kind == "steps" else layers[1], max(answer[field] * scale, 1e-3)))
        return found

    right, below = LEFT + WIDTH + GAP, TOP + HEIGHT + GAP
    parts = [
        panel(LEFT, TOP, f"{time} against the number of steps", "training steps", "ms", lines("steps", seconds, 1e3), names),
        panel(right, TOP, f"{time} against the width", "units of a hidden layer", "ms", lines("width", seconds, 1e3), names),
        panel(LEFT, below, "Memory against the number of steps", "training steps", "MB", lines("steps", "memory", 1e-6), names),
        panel(right, below, "Memory against the width", "units of a hidden layer", "MB", lines("width", "memory", 1e-6), names),
    ]
    legend = below + HEIGHT + 60
    for i, name in enumerate(names):
        x, y = LEFT + (i % 3) * 290, legend + 20 * (i // 3)
        parts.append(f'<path d="M{x} {y - 4}h24" stroke="{COLOURS[i % len(COLOURS)]}" stroke-width="2" '
                     f'stroke-dasharray="{DASHES[i % len(DASHES)]}"/><text x="{x + 30}" y="{y}">{escape(name)}</text>')
    height, width = legend + 20 * math.ceil(len(names) / 3) + 10, right + WIDTH + 30
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
            f'<style>{STYLE}</style><rect class="page" width="{width}" height="{height}"/>{"".join(parts)}</svg>\n')
