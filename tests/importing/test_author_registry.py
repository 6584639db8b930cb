"""The authors of an old blog are those of authors.toml, whatever file they stood in."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import SiteWith
from tests.importing.test_sites import imported
from trigpoint.content.pages import Author
from trigpoint.content.registries.authors import read_authors
from trigpoint.freezing.checks.sources import findings
from trigpoint.importing.author_registry import new_authors, profiles, tables


def test_what_is_said_of_an_author_comes_along() -> None:
    known = profiles({
        "ada_l": {"name": "Ada  Lovelace", "website": "https://ada.example", "bio": "Writes\nof \"engines\"."},
        "bob": {"url": "mailto:b@b.example"}, "note": "text",
    })  # fmt: skip
    assert known == (
        Author("ada_l", "Ada Lovelace", "https://ada.example", "", 'Writes of "engines".'),
        Author("bob", "bob"),
    )
    made = new_authors(known, ["Ada Lovelace", "Eve É.", "Bob"], (), {"/authors/bob/"})
    assert [author.slug for author in made] == ["ada_l", "bob-2", "eve-é"]
    authors, faults = read_authors("authors.toml", tables(made).encode())
    assert not faults and authors == tuple(made)


def test_an_import_registers_whom_its_articles_name(site_with: SiteWith, tmp_path: Path) -> None:
    old = tmp_path / "old"
    for path, text in {
        "_config.yml": "title: Old\n",
        "_data/authors.yml": "ada:\n  name: Ada Lovelace\n  url: https://ada.example/\n",
        "_posts/2020-01-02-a.md": "---\ntitle: A\nauthor: ada\n---\n\nText.\n",
        "_posts/2020-01-03-b.md": "---\ntitle: B\nauthors: [Eve]\n---\n\nText.\n",
    }.items():
        (old / path).parent.mkdir(parents=True, exist_ok=True)
        (old / path).write_text(text)
    small = site_with(files={"authors.toml": '[grace]\nname = "Grace"'})
    for _ in range(2):  # Once more changes nothing.
        imported(small, old)
        text = (small.pages / "authors.toml").read_text()
        tail = '\n\n[ada]\nname = "Ada Lovelace"\nurl = "https://ada.example/"\n\n[eve]\nname = "Eve"\n'
        assert text == f'[grace]\nname = "Grace"{tail}'
    small.library  # noqa: B018
    assert [str(fault) for fault in findings(small.site) if not fault.warning] == []
    assert "Ada Lovelace" in small.text("/authors/ada/")
