"""Cards of Ghost's editors, where an export has no HTML of a post."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import SiteWith
from tests.importing.test_importer import body_of
from tests.importing.test_sites import imported

CARDS = [
    ({"type": "bookmark", "url": "https://a.example/", "metadata": {"title": "A"}}, "[A](https://a.example/)"),
    ({"type": "bookmark", "url": "https://a.example/"}, "<https://a.example/>"),
    ({"type": "embed", "url": "https://a.example/v"}, "<https://a.example/v>"),
    ({"type": "button", "buttonText": "Go", "buttonUrl": "https://a.example/"}, "[Go](https://a.example/)"),
    (
        {"type": "file", "src": "https://a.example/f.pdf", "fileTitle": "F", "fileCaption": "C"},
        "[F](https://a.example/f.pdf) C",
    ),
    ({"type": "gallery", "images": [{"src": "https://a.example/1.png", "alt": "1"}]}, "![1](https://a.example/1.png)"),
    (
        {"type": "toggle", "heading": "More", "content": "<p>Text</p>"},
        "<details>\n<summary>More</summary>\n\nText\n\n</details>",
    ),
    ({"type": "email", "html": "<p>For letters</p>"}, ""),
    ({"type": "paywall"}, ""),
    ({"type": "header", "heading": "H", "subheading": "S"}, "H S"),
]


@pytest.mark.parametrize(("card", "expected"), CARDS)
@pytest.mark.parametrize("form", ["lexical", "mobiledoc"])
def test_a_card_says_what_it_said(
    site_with: SiteWith, tmp_path: Path, card: dict[str, object], expected: str, form: str
) -> None:
    document: dict[str, object] = {"root": {"children": [card]}}
    if form == "mobiledoc":
        document = {"cards": [[card["type"], card]], "sections": [[10, 0]]}
    post = {"id": "1", "title": "A", "slug": "a", "status": "published", "published_at": "2020-01-02T03:04:05Z"}
    (tmp_path / "g.json").write_text(
        json.dumps({"db": [{"data": {"posts": [{**post, form: json.dumps(document)}], "tags": []}}]})
    )
    small = site_with(tags="")
    imported(small, tmp_path / "g.json")
    assert body_of(small).strip() == expected
