"""Draw results.json as SVG beside the article; the colours follow the reader's theme."""

import json
import math
from pathlib import Path

ARTICLE = Path(__file__).resolve().parent.parent
STYLE = """<style>
svg { color: #1f2328; --one: #0b62c4; --two: #b3501e; }
@media (prefers-color-scheme: dark) { svg { color: #e6e6e6; --one: #6cb1ff; --two: #f0935f; } }
text { fill: currentColor; font: 17px system-ui, sans-serif; }
line { stroke: currentColor; stroke-opacity: .3; }
.one { stroke: var(--one); } .two { stroke: var(--two); } .bar { fill: var(--one); }
polyline { fill: none; stroke-width: 2.5; }
</style>"""
NAMES = {"commit_each": "commit each", "one_by_one": "commit once", "pipeline": "pipeline", "unnest": "unnest", "copy": "COPY"}


def main():
    series = json.loads((ARTICLE / "results.json").read_text())["series"]
    (ARTICLE / "pooling.svg").write_text(lines(series))
    (ARTICLE / "batches.svg").write_text(bars(series["batches"]))


def svg(title, height, parts):
    body = "\n".join(parts)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 {height}" role="img">\n<title>{title}</title>\n{STYLE}\n{body}\n</svg>\n'


def bars(rates):
    """Rows a second, by way of storing them."""
    widest = max(rates.values())
    parts = []
    for n, (name, rate) in enumerate(rates.items()):
        y = 12 + 36 * n
        parts.append(f'<text x="130" y="{y + 17}" text-anchor="end">{NAMES[name]}</text>')
        parts.append(f'<rect class="bar" x="140" y="{y}" width="{max(2, 400 * rate / widest):.0f}" height="24" rx="2"/>')
        parts.append(f'<text x="{148 + 400 * rate / widest:.0f}" y="{y + 17}">{rate:,}</text>')
    return svg("Rows stored in a second, five ways", 12 + 36 * len(rates), parts)


def lines(series):
    """Transactions a second over the number of clients, direct and through the pool."""
    clients, top = series["clients"], 20_000 * math.ceil(max(series["direct"] + series["pooled"]) / 20_000)
    across = [70 + 480 * n / (len(clients) - 1) for n in range(len(clients))]
    parts = ['<line x1="70" y1="250" x2="550" y2="250"/>']
    for share in (0.25, 0.5, 0.75, 1):
        y = 250 - 230 * share
        parts += [f'<line x1="70" y1="{y:.0f}" x2="550" y2="{y:.0f}"/>', f'<text x="62" y="{y + 4:.0f}" text-anchor="end">{top * share:,.0f}</text>']
    parts += [f'<text x="{x:.0f}" y="270" text-anchor="middle">{count}</text>' for x, count in zip(across, clients, strict=True)]
    for name, css in (("direct", "one"), ("pooled", "two")):
        points = [(x, 250 - 230 * rate / top) for x, rate in zip(across, series[name], strict=True)]
        parts.append(f'<polyline class="{css}" points="{" ".join(f"{x:.0f},{y:.0f}" for x, y in points)}"/>')
        parts.append(f'<text x="558" y="{label_height(series, name, points[-1][1]):.0f}">{name}</text>')
    parts.append('<text x="310" y="290" text-anchor="middle">clients</text>')
    return svg("Reads a second by number of clients, direct and pooled", 300, parts)


def label_height(series, name, end):
    """Beside the line's end; the lower line's label a little lower, so that the two never touch."""
    lower = series[name][-1] == min(series["direct"][-1], series["pooled"][-1])
    return end + (15 if lower else 0)


if __name__ == "__main__":
    main()
