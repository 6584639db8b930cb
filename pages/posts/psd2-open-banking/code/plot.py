"""Draws rotation.svg from results.json; the colours follow the reader's theme."""

import json
import sys
from pathlib import Path

LEFT, TOP, WIDTH, HEIGHT = 64, 60, 556, 200
STYLE = """<style>
svg { color: #1f2328; --one: #0b62c4; --two: #b3501e; }
@media (prefers-color-scheme: dark) {
  svg { color: #e6e6e6; --one: #6cb1ff; --two: #f0935f; }
}
text { fill: currentColor; font: 17px system-ui, sans-serif; }
.grid { stroke: currentColor; stroke-opacity: .25; }
.mark { stroke: currentColor; stroke-dasharray: 5 5; }
.one { fill: var(--one); } .two { fill: var(--two); }
text.one { fill: var(--one); } text.two { fill: var(--two); }
</style>"""
TITLE = "Requests answered in each fifth of a second, by the certificate they came with"


def main() -> None:
    results, target = map(Path, sys.argv[1:])
    steps = json.loads(results.read_text())["plot"]
    highest = max(old + new for _, old, new in steps)
    end = steps[-1][0] + 0.2
    parts = [grid(share, highest) for share in (0, 0.5, 1)]
    for at, old, new in steps:
        x, width = LEFT + WIDTH * at / end, WIDTH * 0.2 / end - 1.5
        low = HEIGHT * old / highest
        parts.append(bar("one", x, width, 0, low))
        parts.append(bar("two", x, width, low, HEIGHT * new / highest))
    parts += [
        mark(at, end, words)
        for at, words in ((2, "our pair swapped"), (4, "nginx reloads"))
    ]
    parts += [
        text(LEFT + WIDTH * s / end, TOP + HEIGHT + 24, f"{s} s", "middle")
        for s in range(0, 7, 2)
    ]
    parts.append(text(LEFT, 20, "old certificate", "start", "one"))
    parts.append(text(LEFT + 150, 20, "new certificate", "start", "two"))
    head = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 296" width="640" height="296" role="img">'
    target.write_text(
        "\n".join([head, f"<title>{TITLE}</title>", STYLE, *parts, "</svg>"]) + "\n"
    )


def bar(kind: str, x: float, width: float, base: float, size: float) -> str:
    y = TOP + HEIGHT - base - size
    return f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{size:.1f}"/>'


def grid(share: float, highest: int) -> str:
    y = TOP + HEIGHT * (1 - share)
    line = f'<path class="grid" d="M{LEFT} {y:.1f}h{WIDTH}"/>'
    return line + text(LEFT - 8, y + 6, f"{share * highest:.0f}", "end")


def mark(at: float, end: float, words: str) -> str:
    x = LEFT + WIDTH * at / end
    return f'<path class="mark" d="M{x:.1f} {TOP - 22}v{HEIGHT + 22}"/>' + text(
        x + 6, TOP - 10, words, "start"
    )


def text(x: float, y: float, words: str, anchor: str, kind: str = "") -> str:
    named = f' class="{kind}"' if kind else ""
    return f'<text{named} x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{words}</text>'


if __name__ == "__main__":
    main()
