"""How a page shows a picture."""

from __future__ import annotations

import re
from io import BytesIO

from PIL import Image

from tests.conftest import SiteWith, png, post_text
from trigpoint.web.picture_html import in_two_lines, whole_sentences


def test_an_image_has_its_size_and_its_forms(site_with: SiteWith) -> None:
    files = {"posts/a/index.md": post_text(body="![A \\<b\\>](my%20pic.png)"), "posts/a/my pic.png": png(900, 600)}
    text = site_with(files=files).text("/posts/a/")
    assert (
        '<img alt="A &lt;b&gt;" src="/posts/a/my%20pic.png" loading="lazy" decoding="async" width="900" height="600" '
        'srcset="/posts/a/my%20pic.png.480.webp 480w, /posts/a/my%20pic.png.800.webp 800w, '
        '/posts/a/my%20pic.png.900.webp 900w" sizes="'
    ) in text


def photo(width: int = 600) -> bytes:
    written = BytesIO()
    Image.linear_gradient("L").resize((width, 400)).save(written, "JPEG")
    return written.getvalue()


def test_a_photograph_is_offered_as_avif_first_in_both_themes(site_with: SiteWith) -> None:
    files = {"posts/a/index.md": post_text(body="![P](p.jpg)"), "posts/a/p.jpg": photo(), "posts/a/p.dark.jpg": photo()}
    small = site_with(files=files)
    offered = re.findall(
        r'<(source|img)[^>]*?( media="[^"]*")?(?: type="([^"]*)")? srcset="([^ ]*)', small.text("/posts/a/")
    )
    dark = ' media="(prefers-color-scheme: dark)"'
    assert offered[:3] == [
        ("source", dark, "image/avif", "/posts/a/p.dark.jpg.480.avif"),
        ("source", dark, "", "/posts/a/p.dark.jpg.480.webp"),
        ("source", "", "image/avif", "/posts/a/p.jpg.480.avif"),
    ]
    status, body, headers = small.answer("/posts/a/p.jpg.480.avif")
    assert (status, headers["Content-Type"]) == (200, "image/avif")
    assert body[4:12] == b"ftypavif"


def test_a_photograph_as_cover_is_offered_as_avif(site_with: SiteWith) -> None:
    files = {"posts/a/index.md": post_text(cover="{image: p.jpg, alt: Hills}"), "posts/a/p.jpg": photo()}
    small = site_with(files=files)
    assert 'sizes="(min-width: 72rem) 70rem, ' in small.text("/posts/a/"), "as wide as the page"
    for address in ("/", "/posts/a/"):
        assert '<picture><source type="image/avif" srcset="/posts/a/p.jpg.480.avif 480w' in small.text(address), address


def test_the_forms_of_a_picture_beside_single_files_are_no_articles(site_with: SiteWith) -> None:
    """Werkzeug would send `/posts/p.jpg.480.webp` on to an article of that name."""
    small = site_with({"a": post_text(body="![P](p.jpg)")}, files={"posts/p.jpg": photo()})
    for ending in ("webp", "avif"):
        assert small.answer(f"/posts/p.jpg.480.{ending}")[2]["Content-Type"] == f"image/{ending}"
    assert small.status("/posts/p.jpg.481.webp") in (308, 404)


def test_what_an_author_says_of_a_size_is_kept(site_with: SiteWith) -> None:
    files = {"posts/a/index.md": post_text(body='<img src="p.png" alt="" width="90">'), "posts/a/p.png": png(900, 600)}
    text = site_with(files=files).text("/posts/a/")
    assert 'width="90"' in text
    assert 'width="900"' not in text


def test_a_dark_variant_is_shown_in_the_dark(site_with: SiteWith) -> None:
    body = "![P](p.png)\n\n![S](s.svg)"
    svg = '<svg viewBox="0 0 4 3" xmlns="http://www.w3.org/2000/svg"/>'
    files = {"posts/a/index.md": post_text(body=body), "posts/a/s.svg": svg, "posts/a/s.dark.svg": svg}
    files |= {"posts/a/p.png": png(500, 300), "posts/a/p.dark.png": png(500, 300)}
    text = site_with(files=files).text("/posts/a/")
    assert (
        '<picture><source media="(prefers-color-scheme: dark)" '
        'srcset="/posts/a/p.dark.png.480.webp 480w, /posts/a/p.dark.png.500.webp 500w" sizes="'
    ) in text
    assert 'srcset="/posts/a/s.dark.svg"' in text
    assert text.count("<picture>") == text.count("</picture>") == 2


def test_the_first_image_of_a_page_without_a_cover_is_not_lazy(site_with: SiteWith) -> None:
    body = "![One](p.png)\n\n![Two](p.png)"
    files = {"about.md": f"---\ntitle: About\n---\n\n{body}\n", "p.png": png(9, 9)}
    text = site_with(files=files).text("/about/")
    one, two = text.partition('alt="One"')[2], text.partition('alt="Two"')[2]
    assert one[:60].count('fetchpriority="high"') == 1
    assert two[:60].count('loading="lazy"') == 1


def test_a_feed_has_plain_images(site_with: SiteWith) -> None:
    files = {"posts/a/index.md": post_text(body="![P](p.png)"), "posts/a/p.png": png(900, 600)}
    feed = site_with(files=files).text("/feed.json")
    assert "https://blog.example/posts/a/p.png" in feed
    assert "srcset" not in feed


def test_a_retouched_picture_changes_no_page_and_another_size_does(site_with: SiteWith) -> None:
    files = {"posts/a/index.md": post_text(body="![P](p.png)"), "posts/a/p.png": png(900, 600)}
    small = site_with(files=files)
    before, form = small.text("/posts/a/"), small.answer("/posts/a/p.png.480.webp")[1]
    small.write("posts/a/p.png", png(900, 600, b"\x90\x30\x20"))
    assert small.text("/posts/a/") == before
    assert small.answer("/posts/a/p.png.480.webp")[1] != form
    small.write("posts/a/p.png", png(700, 600))
    assert 'width="700"' in small.text("/posts/a/")
    assert small.status("/posts/a/p.png.900.webp") == 404


def test_an_excerpt_ends_where_a_sentence_does() -> None:
    text = "It waits, e.g. for J. Smith. Then it goes on! And this is the third."
    assert whole_sentences(text, 100) == text
    assert whole_sentences(text, 60) == "It waits, e.g. for J. Smith. Then it goes on!"
    assert whole_sentences(text, 30) == "It waits, e.g. for J. Smith."
    assert whole_sentences("第一句。第二句。", 5) == "第一句。"
    assert whole_sentences("One sentence that is too long, alas.", 31) == "One sentence that is too…"


def test_tags_beyond_two_lines_are_counted() -> None:
    assert in_two_lines([]) == 0
    assert in_two_lines(["Go", "C"]) == 2
    assert in_two_lines(["x" * 200]) == 1
    assert 2 <= in_two_lines(["Distributed Systems"] * 14) <= 3
