"""A page that expires is gone from then on, whatever others say of it."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.conftest import SiteWith, SmallSite, freeze_all, post_text, tree
from tests.freezing.test_freeze import OPTIONS, fresh, full, live, silent
from trigpoint.freezing.checks.sources import findings
from trigpoint.freezing.freeze import publish
from trigpoint.loading import loader

BODY = (
    "See [the *offer*](offer.md), <a class='x' href='/posts/offer/#part'>it</a>, "
    "[it](../offer/?a=b#part) and [b](b.md).\n\n"
    "[ref] https://blog.example/posts/offer/\n\n[ref]: offer.md"
)
POSTS = {
    "a": post_text("A", body=BODY, superseded_by="offer.md"),
    "b": post_text("B", body="[offer](offer.md)", expires="2026-06-01"),
    "c": post_text("C"),
    "offer": post_text("The offer", body="## Part", expires="2026-08-01"),
}


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> object:
    """Sets the clock of all sites."""

    def set_to(month: int) -> None:
        now = dt.datetime(2026, month, 2, tzinfo=dt.UTC)
        monkeypatch.setattr(
            loader.Loader, "_clock", property(lambda self: lambda: now, lambda self, clock: None), raising=False
        )

    return set_to


def freeze(small: SmallSite) -> list[str]:
    site = fresh(small)
    try:
        return [fault.kind for fault in publish(site, OPTIONS, silent).warnings]
    finally:
        site.loader.stop()


def kinds(small: SmallSite) -> list[tuple[int, str, bool]]:
    small.site.loader.refresh()
    return [(fault.line, fault.kind, fault.warning) for fault in findings(small.site) if fault.path.endswith("/a.md")]


def test_a_page_expires_though_others_link_to_it(site_with: SiteWith, at) -> None:  # type: ignore[no-untyped-def]
    at(7)
    small = site_with(POSTS, settings='footer = [{ label = "Offer", path = "/posts/offer/" }]\n')
    assert ("link-expires" in freeze(small), "posts/offer/index.html" in live(small)) == (True, True)
    assert {kind for _, kind, warning in kinds(small) if warning} == {"link-expires", "link-dead"}
    at(9)
    assert "link-dead" in freeze(small)
    assert not any(path.startswith("posts/offer/") for path in live(small))
    assert live(small) == full(small)
    small.site.loader.refresh()
    freeze_all(small.site, small.root / "again")
    assert tree(small.root / "again") == live(small)
    page = small.text("/posts/a/").replace("'x'", '"x"')
    assert 'See <span>the <em>offer</em></span>, <span class="x">it</span>, <span>it</span> and <span>b</span>.' in page
    assert "superseded" not in page
    assert all(warning for _, _, warning in kinds(small))
    assert "[the *offer*]()" in small.text("/posts/a/index.md")
