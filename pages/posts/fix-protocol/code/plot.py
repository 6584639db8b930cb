"""Draw how old a slow reader's quotes are, over time: a queue without limit against a mailbox."""

LEFT, TOP, WIDTH, HEIGHT = 84, 16, 516, 264
STYLE = """
text { font: 18px system-ui, sans-serif; fill: #4a5058 }
.grid { stroke: #c9ced6; fill: none }
.line { fill: none; stroke-width: 2.5 }
path.fifo { stroke: #b3541e } text.fifo { fill: #b3541e }
path.mailbox { stroke: #1d63b7 } text.mailbox { fill: #1d63b7 }
@media (prefers-color-scheme: dark) {
text { fill: #b4bcc8 } .grid { stroke: #3a4350 }
path.fifo { stroke: #f0965c } text.fifo { fill: #f0965c }
path.mailbox { stroke: #78b4ff } text.mailbox { fill: #78b4ff }
}
"""


def drawn(plot):
    """The SVG for {"fifo": [[seconds, milliseconds], ...], "mailbox": ...}."""
    top = 1000 * (1 + int(max(age for _, age in plot["fifo"]) // 1000))
    x = lambda seconds: LEFT + WIDTH * seconds / 3  # noqa: E731
    y = lambda age: TOP + HEIGHT * (1 - age / top)  # noqa: E731
    lines = [text(x(at), TOP + HEIGHT + 26, f"{at} s", "middle") for at in range(4)]
    lines += [f'<path class="grid" d="M{x(at):.1f} {TOP}v{HEIGHT}"/>' for at in range(4)]
    for age in range(0, top + 1, 1000):
        lines.append(f'<path class="grid" d="M{LEFT} {y(age):.1f}h{WIDTH}"/>')
        lines.append(text(LEFT - 8, y(age) + 6, f"{age // 1000} s", "end"))
    for name, points in plot.items():
        path = "L".join(f"{x(at):.1f} {y(age):.1f}" for at, age in points if at <= 3)
        lines.append(f'<path class="line {name}" d="M{path}"/>')
    lines.append(text(x(1.35), y(plot["fifo"][len(plot["fifo"]) // 2][1]) - 24, "queue", "end", "fifo"))
    lines.append(text(x(2.9), y(0) - 12, "mailbox", "end", "mailbox"))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 320" width="640" height="320" role="img" '
        f'aria-labelledby="t">\n<title id="t">Age of a slow reader\'s quotes over three seconds</title>\n'
        f"<style>{STYLE}</style>\n" + "\n".join(lines) + "\n</svg>\n"
    )


def text(x, y, words, anchor, kind=""):
    kind = f' class="{kind}"' if kind else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{kind}>{words}</text>'
