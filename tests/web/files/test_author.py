"""A file of the author's is what its address says, whatever it is called on the disk."""

from __future__ import annotations

from tests.conftest import SiteWith, freeze_all, post_text, tree


def test_a_link_to_a_file_has_the_media_type_of_its_own_name(site_with: SiteWith) -> None:
    small = site_with({"a": post_text()}, files={"posts/real.html": "<p>x", "posts/code/x.py": "x = 1"})
    (small.pages / "posts/t.txt").symlink_to("real.html")
    (small.pages / "posts/x.txt").symlink_to("code/x.py")
    for name in ("t.txt", "x.txt"):
        _, _, headers = small.answer(f"/posts/{name}")
        assert headers["Content-Type"] == "text/plain; charset=utf-8"
        assert name in headers["Content-Disposition"]
    freeze_all(small.site, small.root / "out")
    assert tree(small.root / "out")["posts/x.txt"] == b"x = 1"
