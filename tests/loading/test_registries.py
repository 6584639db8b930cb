"""tags.toml that cannot be read, or is not there, is named once; nothing that hangs on it is."""

from __future__ import annotations

import pytest

from tests.conftest import SiteWith, SmallSite, post_text
from tests.freezing.test_freeze import OPTIONS, freeze
from trigpoint.application import create_app
from trigpoint.faults import Fault, errors
from trigpoint.freezing.checks.sources import findings
from trigpoint.freezing.checks.vanished import losses
from trigpoint.freezing.plan import addresses_of
from trigpoint.web.site import Site

pytestmark = pytest.mark.usefixtures("small_volumes")


@pytest.fixture
def published(site_with: SiteWith) -> SmallSite:
    small = site_with({"a": post_text("A", tags="[Go]"), "b": post_text("B", tags="[cpp]")})
    assert freeze(small, OPTIONS).release
    return small


def told_by_a_fresh_process(small: SmallSite) -> list[Fault]:
    site: Site = create_app(small.root).extensions["trigpoint"]
    site.loader.refresh()
    return [*errors(findings(site)), *errors(losses(site, addresses_of(site)))]


def test_a_registry_that_cannot_be_read_is_the_only_fault(published: SmallSite) -> None:
    file = published.pages / "tags.toml"
    file.write_text(file.read_text().replace("]\n", "\n", 1))
    (fault,) = told_by_a_fresh_process(published)
    assert fault.path == "pages/tags.toml"
    assert fault.line


def test_a_registry_that_is_not_there_is_named(published: SmallSite) -> None:
    (published.pages / "tags.toml").unlink()
    (fault,) = told_by_a_fresh_process(published)
    assert str(fault).startswith("pages/tags.toml: There is no such file, and articles have tags, such as pages/posts/")
    assert "Go" in published.text("/tags/go/"), "a running server keeps what it knows"


def test_articles_without_tags_need_no_registry(site_with: SiteWith) -> None:
    small = site_with({"a": post_text("A")})
    (small.pages / "tags.toml").unlink()
    assert not told_by_a_fresh_process(small)
