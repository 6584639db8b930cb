"""Nothing that readers have vanishes unless its author says so."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.conftest import SITE, SiteWith, SmallSite, post_text
from tests.freezing.test_freeze import OPTIONS, freeze, live
from trigpoint.freezing.freeze import FreezeRefusedError, FreezeResult

STRICT = replace(OPTIONS, drop=())
pytestmark = pytest.mark.usefixtures("small_volumes")


def strict(small: SmallSite, *drop: str) -> FreezeResult:
    return freeze(small, replace(STRICT, drop=drop))


def refusal(small: SmallSite, *drop: str) -> list[str]:
    with pytest.raises(FreezeRefusedError) as refused:
        strict(small, *drop)
    return [str(fault) for fault in refused.value.faults if not fault.warning]


@pytest.fixture
def published(site_with: SiteWith) -> SmallSite:
    """A site whose first release is live, at an address that subscribers can have."""
    body = "## One part\n\nWords.\n\n## Another part\n\nWords."
    small = site_with({"a": post_text("A", tags="[go]", body=body), "b": post_text("B"), "c": post_text("C")})
    (small.root / "site.toml").write_text(SITE.replace("blog.example", "blog.flask.org"))
    assert strict(small).release
    return small


def test_a_renamed_file_names_the_alias_that_is_missing(published: SmallSite) -> None:
    (published.pages / "posts/b.md").rename(published.pages / "posts/new.md")
    before = live(published)
    assert refusal(published) == [
        "pages/posts/new.md: Readers have /posts/b/, and it would be gone. "
        "Write `aliases: [/posts/b/]`, or where it is meant: `--drop /posts/b/`."
    ]
    assert live(published) == before
    published.write("posts/new.md", post_text("B", aliases="[/posts/b/]"))
    outcome = strict(published)
    assert outcome.release and outcome.new_entries == 0  # Subscribers do not get it again.


def test_another_slug_names_the_alias_too(published: SmallSite) -> None:
    published.write("posts/b.md", post_text("B", slug="other"))
    assert refusal(published)[0].startswith("pages/posts/b.md: Readers have /posts/b/, and it would be gone. Write `al")


def test_what_is_meant_to_go_goes_once_it_is_named(published: SmallSite) -> None:
    (published.pages / "posts/b.md").unlink()
    assert refusal(published) == [
        "pages/posts/b.md: Readers have /posts/b/, and it would be gone. Where it has another name now, "
        "write `aliases: [/posts/b/]` there; where it is meant: `--drop /posts/b/`."
    ]
    assert refusal(published, "/posts/c/", "/posts/b") != []
    assert "/posts/b/" in strict(published, "/posts/b/").dropped
    published.write("posts/c.md", post_text("C", body="Other words."))
    assert strict(published).release  # It is asked for once.


def test_what_is_dropped_by_a_name_that_is_nothing_is_told(published: SmallSite) -> None:
    (published.pages / "posts/b.md").unlink()
    with pytest.raises(FreezeRefusedError) as refused:
        strict(published, "/posts/bb/")
    assert '--drop: warning: /posts/bb/ is nothing that readers would lose. Did you mean "/posts/b/"?' in [
        str(fault) for fault in refused.value.faults
    ]
    assert not [fault for fault in strict(published, "/posts/*").warnings if fault.kind == "drop-unmatched"]


def test_what_site_toml_drops_may_go_on_every_machine(published: SmallSite) -> None:
    (published.pages / "posts/b.md").unlink()
    (published.pages / "posts/c.md").unlink()
    site_toml = published.root / "site.toml"
    site_toml.write_text(f'{site_toml.read_text()}dropped = ["/posts/b/"]\n')
    assert ["/posts/c/" in each for each in refusal(published)] == [True]  # What it does not name is still missed.
    site_toml.write_text(site_toml.read_text().replace("/posts/b/", "/posts/*"))
    assert strict(published).dropped


def test_an_alias_goes_with_its_page_and_not_before(published: SmallSite) -> None:
    published.write("posts/b.md", post_text("B", aliases="[/old/]"))
    assert strict(published).release
    published.write("posts/b.md", post_text("B"))
    assert [line.partition(",")[0] for line in refusal(published)] == ["pages: Readers have /old/"]
    (published.pages / "posts/b.md").unlink()
    assert set(strict(published, "/posts/b/").dropped) > {"/posts/b/", "/old/"}


def test_a_draft_that_was_published_says_so_and_an_expired_post_goes_in_silence(published: SmallSite) -> None:
    published.write("posts/b.md", post_text("B", draft="true"))
    published.write("posts/c.md", post_text("C", expires="2026-01-03"))
    (said,) = refusal(published)
    assert said.startswith("pages/posts/b.md: Readers have /posts/b/, and it would be gone. This is a draft:")


def test_a_tag_that_goes_names_the_line_of_the_registry(published: SmallSite) -> None:
    registry, text = published.pages / "tags.toml", (published.pages / "posts/a.md").read_text()
    registry.write_text(registry.read_text().replace("[go]", "[go-language]").replace('"golang"', '"g-o"'))
    said = refusal(published)
    assert (
        'pages/tags.toml: Readers have /tags/go/, and it would be gone. Write `aliases = ["go"]` at the tag' in said[0]
    )
    assert [line.partition(",")[0] for line in said] == ["pages/tags.toml: Readers have /tags/go/"]
    assert strict(published, "/tags/*").release
    published.write("posts/a.md", text.replace("[go]", "[c]"))
    warnings = [str(fault) for fault in strict(published).warnings if fault.kind == "address-gone"]
    assert len(warnings) == 1 and warnings[0].endswith("No article has this tag now.")


def test_a_heading_that_goes_names_its_anchor(published: SmallSite) -> None:
    text = (published.pages / "posts/a.md").read_text()
    published.write("posts/a.md", text.replace("## One part", "## One parts"))
    assert refusal(published) == [
        'pages/posts/a.md: Links lead to the heading "#one-part" of this page, and it would be gone. Did you mean '
        '"one-parts"? Write `{#one-part}` behind the heading that says it now, or where it is meant: '
        "`--drop /posts/a/#one-part`."
    ]
    published.write("posts/a.md", text.replace("## One part", "## One parts {#one-part}"))
    assert strict(published).release
    published.write("posts/a.md", text.replace("## One part\n", ""))
    assert strict(published, "/posts/a/#*").release


def test_an_id_that_changes_names_the_line_that_keeps_it(published: SmallSite) -> None:
    published.write("posts/b.md", post_text("B", "2026-01-05"))
    (said,) = refusal(published)
    assert 'Write `id: "tag:blog.flask.org,2026-01-02:/posts/b/"`, which `flask check --fix` does, or where' in said
    assert said.endswith("or where it is meant: `--drop /posts/b/`.")
    published.write("posts/b.md", post_text("B", "2026-01-05", id='"tag:blog.flask.org,2026-01-02:/posts/b/"'))
    assert strict(published).new_entries == 0


def test_an_id_that_changes_is_named_below_a_path_too(site_with: SiteWith) -> None:
    small = site_with({"b": post_text("B")})
    (small.root / "site.toml").write_text(SITE.replace("https://blog.example", "https://blog.flask.org/notes"))
    assert strict(small).release
    small.write("posts/b.md", post_text("B", "2026-01-05"))
    (said,) = refusal(small)
    assert 'Write `id: "tag:blog.flask.org,2026-01-02:/notes/posts/b/"`' in said


@pytest.mark.parametrize("moved_to", ["https://flask.org", "https://blog.flask.org/notes/deep"])
def test_an_id_that_a_move_of_the_site_changes_is_named(site_with: SiteWith, moved_to: str) -> None:
    small = site_with({"b": post_text("B")})
    (small.root / "site.toml").write_text(SITE.replace("https://blog.example", "https://blog.flask.org/notes"))
    assert strict(small).release
    (small.root / "site.toml").write_text(SITE.replace("https://blog.example", moved_to))
    (said,) = refusal(small)
    assert 'Write `id: "tag:blog.flask.org,2026-01-02:/notes/posts/b/"`' in said


def test_a_new_post_is_new_to_subscribers_and_nothing_else_is(published: SmallSite) -> None:
    published.write("posts/d.md", post_text("D"))
    assert strict(published).new_entries == 1


def test_a_full_freeze_asks_too_and_one_without_checks_does_not(published: SmallSite) -> None:
    (published.pages / "posts/b.md").unlink()
    with pytest.raises(FreezeRefusedError):
        freeze(published, replace(STRICT, full=True))
    assert freeze(published, replace(STRICT, check=False)).release


def test_without_a_release_there_is_nothing_to_lose(site_with: SiteWith) -> None:
    assert strict(site_with({"a": post_text()})).release
