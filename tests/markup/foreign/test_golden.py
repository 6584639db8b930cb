"""An awkward post of each dialect, read as it is, becomes the HTML that lies beside it in `golden/`.

`NEW_GOLDEN=1` writes down what came out; a person reads the difference.
"""

from __future__ import annotations

import datetime as dt
import os
import re
from pathlib import Path

import pytest

from trigpoint.content.pages import Rules
from trigpoint.content.read_page import read_page
from trigpoint.markup.document import Anchor, Code, Document, Drawing, Image, Link
from trigpoint.markup.render import render

GOLDEN = Path(__file__).parent / "golden"
DIALECTS = sorted(path.stem for path in GOLDEN.glob("*.md"))


def html(document: Document) -> str:
    """The HTML with targets as they were written, code without its colours, and formulas as their TeX."""
    pieces = []
    for part in document.parts:
        match part:
            case Link():
                pieces.append(part.target)
            case Image():
                pieces.append(part.html(part.link.target))
            case Code():
                pieces.append(part.plain)
            case Drawing():
                pieces.append(part.source)
            case str():
                pieces.append(part)
            case Anchor():
                pass
    whole = re.sub(
        r"<math.*?<annotation[^>]*>(.*?)</annotation></semantics></math>", r"\1", "".join(pieces), flags=re.S
    )
    return whole.replace(' loading="lazy" decoding="async"', "").strip() + "\n"


@pytest.mark.parametrize("name", DIALECTS)
def test_an_awkward_post_is_read_as_its_author_meant_it(name: str) -> None:
    source = GOLDEN / f"{name}.md"
    ending = ".mdx" if name == "docusaurus" else ".md"
    page, faults = read_page(
        f"posts/2020-01-02-a{ending}", source.read_bytes(), Rules(dt.UTC, lenient=True, tags_open=True)
    )
    assert page is not None
    body = page.source.body or ""
    document = render(body, path="a.md", first_line=1, title=page.title, beside=lambda name: None, lenient=True)
    told = [f"{fault.line}: {fault.sentence}" for fault in (*faults, *document.faults)]
    found = html(document) + "\n".join(["", "<!--", *told, "-->", ""])
    expected = GOLDEN / f"{name}.html"
    if os.environ.get("NEW_GOLDEN"):
        expected.write_text(found)
    assert found == expected.read_text()
    assert not [fault for fault in (*faults, *document.faults) if not fault.warning]
