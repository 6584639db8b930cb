"""Draw results.json as SVG beside the article; colours follow the reader's theme."""

import json
from pathlib import Path

ARTICLE = Path(__file__).resolve().parent.parent
STYLE = """<style>
svg { color: #1f2328; --one: #0b62c4; --two: #b3501e; }
@media (prefers-color-scheme: dark) {
svg { color: #e6e6e6; --one: #6cb1ff; --two: #f0935f; }
}
text { fill: currentColor; font: 17px system-ui, sans-serif; }
line { stroke: currentColor; stroke-opacity: .3; }
.one { stroke: var(--one); } .two { stroke: var(--two); stroke-dasharray: 7 5; }
text.one { fill: var(--one); stroke: none; }
text.two { fill: var(--two); stroke: none; }
polyline { fill: none; stroke-width: 2.5; }
circle { fill: var(--one); }
</style>"""


def main():
    series = json.loads((ARTICLE / "results.json").read_text())["series"]
    (ARTICLE / "fees.svg").write_text(fees(**series["fees"]))


def fees(base, max_fee, stands):
    """The base fee over full blocks, in parts of the first, and the offer's limit."""
    top = 3.5
    across = [70 + 500 * n / (len(base) - 1) for n in range(len(base))]
    parts = []
    for level in (1, 2, 3):
        y = 240 - 220 * level / top
        parts.append(f'<line x1="70" y1="{y:.0f}" x2="570" y2="{y:.0f}"/>')
        parts.append(f'<text x="58" y="{y + 6:.0f}" text-anchor="end">{level} ×</text>')
    points = [(x, 240 - 220 * fee / base[0] / top) for x, fee in zip(across, base)]
    limit = 240 - 220 * max_fee / base[0] / top
    line = " ".join(f"{x:.0f},{y:.0f}" for x, y in points)
    parts.append(f'<polyline class="two" points="70,{limit:.0f} 570,{limit:.0f}"/>')
    parts.append(f'<text class="two" x="78" y="{limit - 9:.0f}">maxFeePerGas</text>')
    parts.append(f'<polyline class="one" points="{line}"/>')
    parts += [f'<circle cx="{x:.0f}" cy="{y:.0f}" r="4"/>' for x, y in points]
    parts.append('<text class="one" x="500" y="36" text-anchor="end">base fee</text>')
    for n, x in enumerate(across):
        parts.append(f'<text x="{x:.0f}" y="264" text-anchor="middle">{n + 1}</text>')
    parts.append(
        '<text x="320" y="292" text-anchor="middle">full blocks in a row</text>'
    )
    title = f"The base fee passes the offer's limit in full block {stands + 1}"
    body = "\n".join(parts)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 300" width="640" '
        f'height="300" role="img">\n<title>{title}</title>\n{STYLE}\n{body}\n</svg>\n'
    )


if __name__ == "__main__":
    main()
