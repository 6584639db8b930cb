"""What is wrong with the page that is shown, over that page: the place, the lines around it, the cure, the editor."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from trigpoint.editors import editor_address
from trigpoint.fault_formats import summary_lines
from trigpoint.faults import Fault
from trigpoint.settings import Settings

STYLE = "/_preview/live.css"
AROUND = 2
"""Lines that are shown before and after the one that is meant."""

MOST = 8
"""Faults that are shown with the lines around them; more are named."""

WIDEST = 400
"""Characters of a line that are shown."""

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
{style}</head>
<body>
<main class="frame" data-preview-failed="{kind}">
<header class="page-head">
<p class="kicker">Error</p>
<h1>This page can't be made now.</h1>
<p class="lede">What is wrong stands below.</p>
{home}</header>
</main>
{overlay}</body>
</html>
"""


def failed_page(settings: Settings, fault: Fault, style: str = "", home: str = "") -> str:
    """A page in the place of one that can't be made: it needs no template.

    `style` and `home` are the addresses of the site's stylesheet and of its front page, "" where no page can be made.
    """
    return PAGE.format(
        title=escape(fault.place),
        kind="" if style else "bare",
        style=style and f'<link rel="stylesheet" href="{escape(style)}">\n',
        home=home and f'<p><a href="{escape(home)}">Back to the front page</a></p>\n',
        overlay=overlay(settings, (fault,)),
    )


def overlay(settings: Settings, faults: Sequence[Fault]) -> str:
    """The overlay for these faults as HTML; "" for none."""
    if not faults:
        return ""
    shown = "".join(_item(settings, fault) for fault in faults[:MOST])
    shown += "".join(f"<li>{escape(line)}</li>\n" for line in summary_lines(faults[MOST:]))
    return (
        f'<aside id="preview-overlay" aria-label="To mend on this page">\n'
        f'<link rel="stylesheet" href="{STYLE}" data-preview>\n'
        f"<details open><summary>{len(faults)} to mend here</summary>\n"
        f'<div class="preview-faults">\n<ul>\n{shown}</ul></div></details>\n</aside>\n'
    )


def waiting() -> str:
    """What a page says while a check runs that may find more: over it, so that nothing moves when it goes."""
    return (
        f'<p id="preview-waiting" role="status">'
        f'<link rel="stylesheet" href="{STYLE}" data-preview>Still being checked …</p>\n'
    )


def _item(settings: Settings, fault: Fault) -> str:
    address = editor_address(settings.editor, settings.root / fault.path, fault.line, fault.column)
    place = escape(fault.place)
    linked = f'<a href="{escape(address)}">{place}</a>' if address else place
    cure = f'<p class="preview-cure">{escape(fault.cure)}</p>' if fault.cure else ""
    return f"<li><p><code>{linked}</code></p><p>{escape(fault.sentence)}</p>{_excerpt(settings, fault)}{cure}</li>\n"


def _excerpt(settings: Settings, fault: Fault) -> str:
    """The lines around the place, as HTML; "" where the file has no such line, or is none of the site's."""
    lines = list(_lines(settings, fault))
    if not lines:
        return ""
    return f'<pre tabindex="0" role="region" aria-label="{escape(fault.place)}">{"".join(lines)}</pre>'


def _lines(settings: Settings, fault: Fault) -> Iterator[str]:
    if not fault.line:
        return
    try:
        text = (settings.root / fault.path).read_bytes().decode("utf-8", "replace")
    except OSError:
        return
    lines = text.split("\n")
    for number in range(max(1, fault.line - AROUND), min(len(lines), fault.line + AROUND) + 1):
        line = lines[number - 1].rstrip("\r")[:WIDEST]
        if number == fault.line:
            yield f"<mark>{number:>5}  {escape(line)}</mark>\n"
            if fault.column:
                yield f"{' ' * (6 + fault.column)}^\n"
        else:
            yield f"{number:>5}  {escape(line)}\n"
