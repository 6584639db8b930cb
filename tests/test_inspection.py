"""What must hold of a release before it goes live."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog.inspection import FEW, by_word, found_in, release_faults, secrets_of
from blog.ledger import Record
from blog.notes import Digest

from .conftest import SiteWith, post_text


def release(folder: Path, files: dict[str, str]) -> dict[str, Record]:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    return {f"/{name}": Record(name, Digest(""), (len(content), 0)) for name, content in files.items()}


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("feed.xml", "<feed><entry></feed>", "can't be read by any program"),
        ("feed.json", '{"items": [', "can't be read by any program"),
        ("feed.xml", "<feed>&lt;a href=&#34;/x/&#34;&gt;</feed>", 'The link "/x/" in this feed'),
        ("feed.json", '{"x": "<img src=\\"pic.png\\">"}', 'The link "pic.png" in this feed'),
    ],
)
def test_an_unsound_feed_is_named(site_with: SiteWith, tmp_path: Path, name: str, content: str, sentence: str) -> None:
    small = site_with({"a": post_text()})
    small.site.loader.refresh()
    records = release(tmp_path / "out", {name: content})
    (found,) = release_faults(small.site, tmp_path / "out", records, [f"/{name}"])
    assert found.path == f"/{name}"
    assert sentence in found.sentence


def test_a_sound_feed_is_no_finding(site_with: SiteWith, tmp_path: Path) -> None:
    small = site_with({"a": post_text(body="[x](/tags/) ![y](/static/images/favicon.svg) [z](mailto:a@b.example)")})
    feeds = {"feed.xml": small.text("/feed.xml"), "feed.json": small.text("/feed.json")}
    records = release(tmp_path / "out", feeds)
    assert release_faults(small.site, tmp_path / "out", records, list(records)) == ()


def test_names_that_fold_to_one_are_errors_and_unportable_ones_warnings(site_with: SiteWith, tmp_path: Path) -> None:
    small = site_with({"a": post_text()})
    small.site.loader.refresh()
    records = release(tmp_path / "out", {"Fold.txt": "", "fold.txt": "", "con.txt": "", "what?.txt": ""})
    found = release_faults(small.site, tmp_path / "out", records, [])
    assert [(fault.path, fault.warning) for fault in found] == [
        ("/con.txt", True),
        ("/fold.txt", False),
        ("/what?.txt", True),
    ]


def test_a_hidden_title_or_address_is_found_in_any_file(site_with: SiteWith, tmp_path: Path) -> None:
    small = site_with({"a": post_text()})
    small.write("posts/plan.md", post_text("Plans & prices", draft="true"))
    small.site.loader.refresh()
    files = {
        "a.html": "Plans &amp; prices",
        "b.html": "href=/posts/plan/",
        "c.json": '"Plans & prices"',
        "d.html": "plan",
    }
    found = release_faults(small.site, tmp_path / "out", release(tmp_path / "out", files), [])
    assert sorted(fault.sentence.rpartition(": ")[2] for fault in found) == ["a.html.", "b.html.", "c.json."]
    assert {fault.path for fault in found} == {"pages/posts/plan.md"}
    again = release_faults(
        small.site, tmp_path / "out", release(tmp_path / "out", files), ["/b.html"], secrets_of(small.site)
    )
    assert [fault.sentence.rpartition(": ")[2] for fault in again] == ["b.html."], (
        "the other files were searched before"
    )


@given(
    st.lists(st.text("ab -/é", min_size=1, max_size=9), min_size=FEW + 1, max_size=FEW + 30, unique=True),
    st.text("ab -/é\\", max_size=60),
)
def test_many_secrets_are_found_as_a_few_are(secrets: list[str], text: str) -> None:
    """But where its last word goes on, a secret is a part of something else."""
    content = text.encode()
    sought = [secret.encode() for secret in secrets]
    found = set(found_in(content, by_word(sought)))
    assert found <= {secret for secret in sought if secret in content}
    assert found >= {secret for secret in sought if re.search(re.escape(secret) + rb"(?![0-9A-Za-z])", content)}


def test_a_secret_is_looked_for_by_its_rarest_word() -> None:
    secrets = by_word(f"/posts/slug-{n}/".encode() for n in range(FEW + 1))
    assert secrets[b"7"] == [b"/posts/slug-7/"]
    assert list(found_in(b'<a href="/posts/slug-7/">', secrets)) == [b"/posts/slug-7/"]
    assert not list(found_in(b"/posts/slug-77/", secrets))
