"""A cover that no browser could show is an error, and readers get the drawn one."""

from __future__ import annotations

import pytest

from tests.conftest import SiteWith, SmallSite, png, post_text
from trigpoint.freezing.checks.sources import findings

LFS = b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n"


def site(site_with: SiteWith, image: str, files: dict[str, str | bytes]) -> SmallSite:
    cover = f"{{image: {image}, alt: A}}"
    return site_with({"a": post_text("A", cover=cover, tags="[Go]"), "b": post_text("B", tags="[Go]")}, files)


@pytest.mark.parametrize(
    ("image", "content", "sentence"),
    [
        (
            "fhoto.png",
            b"",
            'The cover\'s image is "fhoto.png", and there is no such picture. Did you mean "photo.png"?',
        ),
        ("/x/none.png", b"", 'The cover\'s image is "/x/none.png", and there is no such picture. Put the picture'),
        ("x.png", b"text", 'The cover\'s image is "x.png", which is no picture that can be read. Is it text'),
        (
            "x.png",
            LFS,
            'The cover\'s image is "x.png", which is a Git LFS pointer, not the picture itself. Run `git lfs',
        ),
        ("x.txt", b"text", 'The cover\'s image is "x.txt", which is no picture by its name. It ends in .png, .jpg'),
        ("/static/x.png", b"", 'The cover\'s image is "/static/x.png", and there is no such file.'),
    ],
)
def test_a_broken_cover_is_an_error_at_its_line(site_with: SiteWith, image: str, content: bytes, sentence: str) -> None:
    files: dict[str, str | bytes] = {"posts/photo.png": png(800, 400)}
    small = site(site_with, image, files | ({f"posts/{image}": content} if content else {}))
    small.site.loader.refresh()
    (found,) = (fault for fault in findings(small.site) if not fault.warning)
    assert str(found).startswith(f"pages/posts/a.md:4: {sentence}")
    assert found.kind == "cover-broken"


def test_readers_get_the_drawn_cover_until_the_picture_is_there(site_with: SiteWith) -> None:
    small = site(site_with, "photo.png", {})
    for address in ("/", "/posts/a/", "/posts/b/", "/tags/go/", "/feed.xml"):
        assert "photo.png" not in small.text(address), address
    assert "/social/a.png" in small.text("/posts/a/")
    assert small.status("/covers/a.svg") == 200
    small.write("posts/photo.png", png(800, 400))
    assert 'src="/posts/photo.png"' in small.text("/posts/a/")
    assert small.status("/covers/a.svg") == 404


@pytest.mark.parametrize("image", ["photo.png", "/posts/photo.png", "photo.svg", "/static/images/favicon.svg"])
def test_a_sound_cover_is_no_finding(site_with: SiteWith, image: str) -> None:
    small = site(site_with, image, {"posts/photo.png": png(800, 400), "posts/photo.svg": "<svg/>"})
    small.site.loader.refresh()
    assert [fault for fault in findings(small.site) if not fault.warning] == []
