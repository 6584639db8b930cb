"""Draw the storm as SVG beside the article; the colours follow the reader's theme."""

import json
from pathlib import Path

ARTICLE = Path(__file__).resolve().parent.parent
STYLE = """<style>
svg { color: #1f2328; --a: #b3501e; --b: #0b62c4; --c: #1a7f4b; }
@media (prefers-color-scheme: dark) { svg { color: #e6e6e6; --a: #f0935f; --b: #6cb1ff; --c: #5fce96; } }
text { fill: currentColor; font: 16px system-ui, sans-serif; }
line { stroke: currentColor; stroke-opacity: .3; }
polyline { fill: none; stroke-width: 2.5; }
.a { stroke: var(--a); } .b { stroke: var(--b); } .c { stroke: var(--c); }
.ta { fill: var(--a); } .tb { fill: var(--b); } .tc { fill: var(--c); }
</style>"""
NAMES = {"fixed": ("a", "fixed pause, all history"), "jitter": ("b", "jitter, all history"),
         "heads": ("c", "jitter, heads first")}
LEFT, TOP, WIDTH, HEIGHT = 60, 40, 540, 220


def main():
    storm = json.loads((ARTICLE / "results.json").read_text())["series"]["storm"]
    (ARTICLE / "storm.svg").write_text(drawn(storm["curves"], storm["clients"]))


def drawn(curves, clients):
    longest = max(at for curve in curves.values() for at, _ in curve)
    seconds = 5 * (int(longest) // 5 + 1)
    parts = [*grid(seconds, clients)]
    for n, (name, curve) in enumerate(curves.items()):
        css, label = NAMES[name]
        points = " ".join(f"{LEFT + WIDTH * at / seconds:.0f},{TOP + HEIGHT * (1 - online / clients):.0f}"
                          for at, online in curve)
        parts.append(f'<polyline class="{css}" points="{points}"/>')
        parts.append(f'<text class="t{css}" x="{LEFT + 20 + 190 * n}" y="20">{label}</text>')
    body = "\n".join(parts)
    title = "Clients that are back, by seconds after the cable was plugged in"
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 320" role="img">\n<title>{title}</title>\n{STYLE}\n{body}\n</svg>\n'


def grid(seconds, clients):
    for share in (0, 0.5, 1):
        y = TOP + HEIGHT * (1 - share)
        yield f'<line x1="{LEFT}" y1="{y:.0f}" x2="{LEFT + WIDTH}" y2="{y:.0f}"/>'
        yield f'<text x="{LEFT - 8}" y="{y + 5:.0f}" text-anchor="end">{clients * share:,.0f}</text>'
    for second in range(0, seconds + 1, 5):
        yield f'<text x="{LEFT + WIDTH * second / seconds:.0f}" y="{TOP + HEIGHT + 22}" text-anchor="middle">{second}</text>'
    yield f'<text x="{LEFT + WIDTH / 2}" y="{TOP + HEIGHT + 44}" text-anchor="middle">seconds</text>'


if __name__ == "__main__":
    main()
