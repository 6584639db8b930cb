"""Draw results.json as SVG beside the article; the colours follow the reader's theme."""

import json
from pathlib import Path

ARTICLE = Path(__file__).resolve().parent.parent
STYLE = """<style>
svg { color: #1f2328; --one: #0b62c4; --two: #b3501e; --three: #5b6b20; }
@media (prefers-color-scheme: dark) { svg { color: #e6e6e6; --one: #6cb1ff; --two: #f0935f; --three: #b5c96a; } }
text { fill: currentColor; font: 17px system-ui, sans-serif; }
line { stroke: currentColor; stroke-opacity: .3; }
.one { stroke: var(--one); } .two { stroke: var(--two); } .three { stroke: var(--three); } .bar { fill: var(--one); }
polyline { fill: none; stroke-width: 2.5; }
</style>"""
HOUSES = {"no_row": "no balance row", "one_row": "one balance row", "eight_rows": "eight rows, one each"}


def main():
    series = json.loads((ARTICLE / "results.json").read_text())["series"]
    (ARTICLE / "hot.svg").write_text(bars(series["hot"]))
    (ARTICLE / "names.svg").write_text(lines(series["names"]))


def svg(title, height, parts):
    body = "\n".join(parts)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 680 {height}" role="img">\n<title>{title}</title>\n{STYLE}\n{body}\n</svg>\n'


def bars(rates):
    """Postings a second, by what the house account keeps."""
    widest = max(rates.values())
    parts = []
    for n, (name, rate) in enumerate(rates.items()):
        y = 12 + 36 * n
        parts.append(f'<text x="200" y="{y + 17}" text-anchor="end">{HOUSES[name]}</text>')
        parts.append(f'<rect class="bar" x="210" y="{y}" width="{max(2, 400 * rate / widest):.0f}" height="24" rx="2"/>')
        parts.append(f'<text x="{218 + 400 * rate / widest:.0f}" y="{y + 17}">{rate:,}</text>')
    return svg("Postings a second of eight writers, by what the house account keeps", 12 + 36 * len(rates), parts)


def lines(names):
    """Per cent found and reported in vain, over the threshold."""
    least, most = names["threshold"][0], names["threshold"][-1]
    x = lambda threshold: 60 + 470 * (threshold - least) / (most - least)  # noqa: E731
    parts = []
    for share in range(0, 101, 25):
        y = 255 - 2.3 * share
        parts += [f'<line x1="60" y1="{y:.0f}" x2="530" y2="{y:.0f}"/>', f'<text x="52" y="{y + 5:.0f}" text-anchor="end">{share}</text>']
    for threshold in names["threshold"][::2]:
        parts.append(f'<text x="{x(threshold):.0f}" y="277" text-anchor="middle">{threshold}</text>')
    ends = {"found": ("one", "found", 5), "alarms": ("two", "false alarms", -14), "alarms_born": ("three", "with birth year", 6)}
    for key, (css, label, shift) in ends.items():
        points = [(x(t), 255 - 2.3 * share) for t, share in zip(names["threshold"], names[key], strict=True)]
        parts.append(f'<polyline class="{css}" points="{" ".join(f"{a:.0f},{b:.0f}" for a, b in points)}"/>')
        parts.append(f'<text x="{points[-1][0] + 8:.0f}" y="{points[-1][1] + shift:.0f}">{label}</text>')
    parts.append('<text x="295" y="299" text-anchor="middle">threshold, points of 100; vertically per cent of names</text>')
    return svg("Share of spoilt names found and of other names reported, by threshold", 308, parts)


if __name__ == "__main__":
    main()
