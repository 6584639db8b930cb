"""Draw how the time from hub to reader grows towards the last percent, at three loads."""

from math import log10

LEFT, TOP, WIDTH, HEIGHT = 92, 16, 452, 264
DECADES = (0.1, 1, 10, 100, 1000)
STYLE = """
text { font: 18px system-ui, sans-serif; fill: #4a5058 }
.grid { stroke: #c9ced6; fill: none }
.line { fill: none; stroke-width: 2.5 }
path.low { stroke: #2b7a3d } text.low { fill: #2b7a3d }
path.middle { stroke: #1d63b7 } text.middle { fill: #1d63b7 }
path.high { stroke: #b3541e } text.high { fill: #b3541e }
@media (prefers-color-scheme: dark) {
text { fill: #b4bcc8 } .grid { stroke: #3a4350 }
path.low { stroke: #7cc98c } text.low { fill: #7cc98c }
path.middle { stroke: #78b4ff } text.middle { fill: #78b4ff }
path.high { stroke: #f0965c } text.high { fill: #f0965c }
}
"""


def drawn(series, labels):
    """The SVG for {"low": [[nines, ms], ...], ...}; nines 2 is the 99th percentile."""
    x = lambda nines: LEFT + WIDTH * nines / 3.3  # noqa: E731
    y = lambda ms: TOP + HEIGHT * (1 - (log10(max(ms, 0.1)) + 1) / 4)  # noqa: E731
    lines = []
    for nines, percent in ((0.3, "50 %"), (1, "90 %"), (2, "99 %"), (3, "99.9 %")):
        lines.append(f'<path class="grid" d="M{x(nines):.1f} {TOP}v{HEIGHT}"/>')
        lines.append(text(x(nines), TOP + HEIGHT + 26, percent, "middle"))
    for ms in DECADES:
        lines.append(f'<path class="grid" d="M{LEFT} {y(ms):.1f}h{WIDTH}"/>')
        lines.append(text(LEFT - 8, y(ms) + 6, f"{ms:g} ms", "end"))
    lowest = TOP + HEIGHT + 100
    for name, points in sorted(series.items(), key=lambda each: each[1][-1][1]):
        path = "L".join(f"{x(nines):.1f} {y(ms):.1f}" for nines, ms in points)
        lines.append(f'<path class="line {name}" d="M{path}"/>')
        lowest = min(y(points[-1][1]) + 6, lowest - 20)  # labels keep apart
        lines.append(text(LEFT + WIDTH + 10, lowest, labels[name], "start", name))
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 320" width="640" height="320" role="img" '
        'aria-labelledby="t">\n<title id="t">Milliseconds from hub to reader, by percentile, at three loads</title>\n'
        f"<style>{STYLE}</style>\n" + "\n".join(lines) + "\n</svg>\n"
    )








def text(x, y, words, anchor, kind=""):
    kind = f' class="{kind}"' if kind else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{kind}>{words}</text>'
