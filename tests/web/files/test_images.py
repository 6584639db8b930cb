"""Covers, cards and forms as addresses."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from zlib import crc32

import pytest
from PIL import Image

from tests.conftest import SiteWith, freeze_all, png, post_text, tree
from trigpoint.freezing.plan import addresses_of
from trigpoint.web.files import images


def test_a_post_without_a_cover_is_shown_with_one_that_is_drawn(site_with: SiteWith) -> None:
    small = site_with({"a": post_text("A title", tags="[Go]")})
    assert 'src="/covers/a.svg" alt="" width="1280" height="720"' in small.text("/")
    inlined = small.text("/posts/a/").partition('src="data:image/svg+xml,')[2].partition('"')[0]
    assert inlined, "shown in an article, it is not worth a request"
    assert not set(inlined) & set(' <>"#'), "an address has none of these"
    status, body, headers = small.answer("/covers/a.svg")
    assert (status, headers["Content-Type"]) == (200, "image/svg+xml; charset=utf-8")
    assert body.startswith(b"<svg ")


def test_another_title_or_tag_draws_another_cover_and_another_body_does_not(site_with: SiteWith) -> None:
    small = site_with({"a": post_text("A title", tags="[Go]")})
    first = small.answer("/covers/a.svg")[1]
    small.write("posts/a.md", post_text("A title", tags="[Go]", body="Other words."))
    assert small.answer("/covers/a.svg")[1] == first
    small.write("posts/a.md", post_text("Another title", tags="[Go]"))
    assert small.answer("/covers/a.svg")[1] != first


def test_a_post_with_a_cover_has_none_drawn_and_its_forms(site_with: SiteWith) -> None:
    files = {"posts/a/index.md": post_text(cover="{image: p.png, alt: A queue}"), "posts/a/p.png": png(900, 600)}
    small = site_with(files=files)
    assert 'src="/posts/a/p.png" alt="A queue" width="900" height="600" srcset="' in small.text("/posts/a/")
    assert small.status("/covers/a.svg") == small.status("/social/a.png") == 404
    assert 'og:image" content="https://blog.example/posts/a/p.png"' in small.text("/posts/a/")


def test_a_post_has_a_social_card(site_with: SiteWith) -> None:
    small = site_with({"a": post_text("A title")})
    assert 'og:image" content="https://blog.example/social/a.png"' in small.text("/posts/a/")
    assert 'og:image:alt" content="A title"' in small.text("/posts/a/")
    status, body, headers = small.answer("/social/a.png")
    assert (status, headers["Content-Type"]) == (200, "image/png")
    assert Image.open(BytesIO(body)).size == (1200, 630)


def test_nothing_is_drawn_for_a_draft(site_with: SiteWith) -> None:
    files = {"posts/a/index.md": post_text(draft="true"), "posts/a/p.png": png(900, 600)}
    small = site_with({"b": post_text()}, files)
    for address in ("/covers/a.svg", "/social/a.png", "/posts/a/p.png.480.webp"):
        assert small.status(address) == 404
        assert address not in addresses_of(small.site)


def test_a_file_of_the_author_comes_before_a_form_of_its_name(site_with: SiteWith, tmp_path: Path) -> None:
    files = {"p.png": png(900, 600), "p.png.480.webp": "mine"}
    small = site_with({"a": post_text()}, files)
    assert small.answer("/p.png.480.webp")[:2] == (200, b"mine")
    freeze_all(small.site, tmp_path / "frozen")
    assert tree(tmp_path / "frozen")["p.png.480.webp"] == b"mine"


def test_what_was_drawn_is_taken_from_the_cache(site_with: SiteWith) -> None:
    small = site_with({"a": post_text("A title")})
    first = small.answer("/social/a.png")[1]
    kept = [path for path in (small.root / ".cache").rglob("*") if "socialcards" in path.parts and path.is_file()]
    assert len(kept) == 1
    small.site.loader.cache.keep("socialcards", _key(kept[0]), b"from the cache")  # type: ignore[arg-type]
    small.write("posts/a.md", post_text("A title", body="Other."))
    small.site.responses.clear()
    assert small.answer("/social/a.png")[1] == b"from the cache"
    assert first.startswith(b"\x89PNG")


def _key(path: Path) -> str:
    return path.parent.name + path.name


def test_a_form_that_cannot_be_made_is_the_original_and_stops_no_freeze(site_with: SiteWith, tmp_path: Path) -> None:
    broken = bytearray(png(900, 300))
    middle = len(broken) // 2  # The sums are mended, so that the header and the chunks look sound.
    broken[middle : middle + 4] = b"\xff\xff\xff\xff"
    at = broken.index(b"IDAT")
    length = int.from_bytes(broken[at - 4 : at], "big")
    broken[at + 4 + length : at + 8 + length] = crc32(broken[at : at + 4 + length]).to_bytes(4, "big")
    small = site_with(posts={"a": post_text(body="![x](b.png)")}, files={"posts/b.png": bytes(broken)})
    status, body, headers = small.answer("/posts/b.png.480.webp")
    assert (status, headers["Content-Type"]) == (200, "image/webp") and body == bytes(broken)
    assert "posts/b.png.480.webp" in freeze_all(small.site, tmp_path / "frozen")


@pytest.mark.parametrize(
    ("drawer", "address"), [("social_cards.card", "/social/a.png"), ("covers.cover", "/covers/a.svg")]
)
def test_what_cannot_be_drawn_is_blank_and_costs_no_page(
    site_with: SiteWith, monkeypatch: pytest.MonkeyPatch, drawer: str, address: str
) -> None:
    def trip(*_: object) -> bytes:
        raise ValueError("raqm_get_glyphs() failed")

    monkeypatch.setattr(f"trigpoint.images.{drawer}", trip)
    small = site_with(posts={"a": post_text()})
    status, body, _ = small.answer(address)
    assert status == 200 and (body.startswith(b"<svg") or Image.open(BytesIO(body)).size == (1, 1))


def test_what_could_not_be_drawn_is_tried_again_for_readers(
    site_with: SiteWith, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = site_with(posts={"a": post_text()})
    monkeypatch.setattr(images, "RETRY", 1e9)
    with monkeypatch.context() as broken:
        broken.setattr("trigpoint.images.social_cards.card", lambda *_: 1 / 0)
        blank = small.answer("/social/a.png")[1]
    assert small.answer("/social/a.png")[1] == blank, "for a while nobody tries"
    monkeypatch.setattr(images, "RETRY", 1e-6)
    assert len(small.answer("/social/a.png")[1]) > len(blank)
