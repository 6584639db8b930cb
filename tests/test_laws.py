"""The laws: what must always be true of the whole."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from flask import Flask

from tests.conftest import ROOT, SiteWith, SmallSite, freeze_all, png, post_text, tree
from tests.repositories import commit
from trigpoint.freezing.page_writer import write_pages
from trigpoint.freezing.plan import addresses_of
from trigpoint.web.kinds import KINDS, all_addresses
from trigpoint.web.site import Site

ALIASES_ANSWER = 301
pytestmark = pytest.mark.usefixtures("small_volumes")


FILES_EVERYWHERE: dict[str, str | bytes] = {
    "notes.txt": "In pages/ itself.",
    "wide.png": png(900, 10),
    "posts/beside.txt": "Beside flat posts.",
    "posts/wide.png": png(900, 20),
    "posts/post-1/own.txt": "In a folder named as a flat post.",
    "posts/no-ending": "As if a slash had been forgotten.",
    "tags/table.csv": "a,b",
    "series/no-ending": "As if a slash had been forgotten.",
    "folder/deeper/still/data.txt": "In a deeper folder.",
    "folder/deeper/wide.png": png(900, 30),
    "posts/bundle/deeper/still/data.txt": "In a deeper folder of a bundle.",
    ".hidden/data.txt": "Secret draft",
    "posts/.hidden/data.txt": "Secret draft",
    "folder/.hidden": "Secret draft",
}
"""Files in every place that has a way of its own to an address, and in those that have none."""


AUTHORS = """
[ada]
name = "Ada <b>Lovelace</b>"
url = "https://ada.example/"
picture = "authors/ada.png"
about = "Writes."

["zoë"]
name = "Zoë"
"""

SETTINGS = 'indexnow_key = "0123456789abcdef"\ntypography = true\nupdated_from_git = true\nhistory = true\n'


def varied(site_with: SiteWith, name: str = "site") -> SmallSite:
    """A site in which every kind of page has an address: in a repository, where an article was changed."""
    series = "{name: Basics, part: %d}"
    posts = {
        f"post-{n}": post_text(
            f"Post {n}",
            f"2026-01-{n:02}",
            f"Words {n}. [next](post-{n % 7 + 1}.md)",
            tags="[Go]",
            series=series % n,
            authors="[ada]",
        )
        for n in range(1, 8)
    }
    posts["größe"] = post_text(
        "Größe & <b>Maß</b>",
        "2025-03-04T05:06:07",
        "## Überschrift\n\nText.",
        tags="[C++]",
        authors="[Zoë, ada]",
        aliases="[/alt/, /old.html]",
    )
    files: dict[str, str | bytes] = {
        "posts/bundle/index.md": post_text(
            "Bundle", "2024-02-03", "![A dot](dot.svg)\n\n![A photo](photo.png)\n\n[code](code/a%20b.py)", tags="[C]"
        ),
        "posts/bundle/photo.png": png(900, 600),
        "posts/bundle/dot.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
        "posts/bundle/code/a b.py": "print(1)\n",
        "posts/draft/index.md": post_text("Secret draft", draft="true"),
        "posts/draft/secret.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
        **FILES_EVERYWHERE,
        "authors.toml": AUTHORS,
        "authors/ada.png": png(500, 500),
        "authors/guests.md": "---\ntitle: Guests\n---\n\nA page beside those of authors.\n",
        "about.md": "---\ntitle: About\n---\n\nHello. [Post](posts/post-1.md)\n",
    }
    small = site_with(posts, files, name=name, settings=SETTINGS)
    small.write("posts/post-2.md", posts["post-2"].replace("Words", "Other words"))
    commit(small, "Posts and <b>others</b>", "2026-01-08")
    small.write("posts/post-2.md", posts["post-2"])
    commit(small, "Say it <i>anew</i>", "2026-01-20")
    return small


def addresses(app: Flask) -> list[str]:
    site = app.extensions["trigpoint"]
    assert isinstance(site, Site)
    site.loader.refresh()
    return list(all_addresses(app, site.loader.library))


def frozen_path(folder: Path, address: str) -> Path:
    path = unquote(address).lstrip("/")
    return folder / (path + "index.html" if address.endswith("/") else path)


def assert_live_equals_frozen(app: Flask, folder: Path) -> None:
    site = app.extensions["trigpoint"]
    freeze_all(site, folder)
    listed = addresses(app)
    for address in listed:
        is_alias = unquote(address) in site.loader.library.redirects()
        with app.test_client().get(address) as response:
            assert response.status_code == (ALIASES_ANSWER if is_alias else 200), address
            assert response.get_data() == frozen_path(folder, address).read_bytes(), address
    written = {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}
    assert written == {frozen_path(folder, address).relative_to(folder) for address in listed}


def test_live_equals_frozen(site_with: SiteWith, tmp_path: Path) -> None:
    assert_live_equals_frozen(varied(site_with).app, tmp_path / "frozen")


def test_a_fault_is_local(site_with: SiteWith) -> None:
    small = varied(site_with)
    listed = addresses(small.app)
    before = {address: small.answer(address)[:2] for address in listed}
    small.write("posts/post-3.md", "---\ntitle: [unclosed\n---\n")
    assert small.faults(), "the fault is named"
    assert {address: small.answer(address)[:2] for address in listed} == before


def test_every_endpoint_has_its_list_of_addresses(site_with: SiteWith) -> None:
    small = varied(site_with)
    endpoints = {rule.endpoint for rule in small.app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert endpoints == {each.endpoint for each in KINDS}
    small.site.loader.refresh()
    with small.app.test_request_context():
        for each in KINDS:
            assert list(each.addresses(small.site.loader.library)), f"{each.endpoint} has no address in a varied site"


def assert_links_lead_somewhere(app: Flask) -> None:
    listed = {unquote(address) for address in addresses(app)}
    for address in sorted(listed):
        with app.test_client().get(address) as response:
            text = response.get_data(as_text=True) if response.mimetype == "text/html" else ""
        for link in re.findall(r"""<[^>]+?\s(?:href|src)=["']?([^"'\s>]+)""", text):
            parts = urlsplit(urljoin("https://site.invalid" + address, link.replace("&amp;", "&")))
            if parts.netloc == "site.invalid":
                assert unquote(parts.path) in listed, f"{address} links to {link}"


def test_every_internal_link_leads_to_an_address(site_with: SiteWith) -> None:
    assert_links_lead_somewhere(varied(site_with).app)


FREEZE = """
import sys
from pathlib import Path
from trigpoint.application import create_app
from trigpoint.loading.sources import Sources
from tests.conftest import freeze_all
Sources.settling = 0.0
site = create_app(Path(sys.argv[1]))
freeze_all(site.extensions["trigpoint"], Path(sys.argv[2]))
site.extensions["trigpoint"].loader.stop()
"""

SURROUNDINGS = (
    {"TZ": "UTC", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1"},
    {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "4242", "LANG": "tr_TR.UTF-8"},
)


@pytest.mark.slow
def test_surroundings_do_not_matter(site_with: SiteWith, tmp_path: Path) -> None:
    """Law 8: the order of the folder, time zone, locale and hash seed give the same bytes."""
    first = varied(site_with, "first")
    second = site_with(name="second", settings=SETTINGS)
    shutil.copytree(first.root / ".git", second.root / ".git")
    for path in sorted(first.pages.rglob("*"), reverse=True):
        if path.is_file():
            second.write(path.relative_to(first.pages).as_posix(), path.read_bytes())
    trees = []
    for number, (small, surroundings) in enumerate(zip((first, second), SURROUNDINGS, strict=True)):
        folder = tmp_path / f"frozen-{number}"
        environment = {"PATH": os.environ["PATH"], **surroundings}
        subprocess.run(
            [sys.executable, "-c", FREEZE, str(small.root), str(folder)], cwd=ROOT, env=environment, check=True
        )
        trees.append(tree(folder))
    assert trees[0] == trees[1]
    assert len(trees[0]) > 60


def test_a_file_has_an_address_wherever_it_lies_but_in_a_hidden_folder(site_with: SiteWith) -> None:
    small = varied(site_with)
    for path, content in FILES_EVERYWHERE.items():
        status, body, _ = small.answer(f"/{path}")
        expected = content if isinstance(content, bytes) else content.encode()
        assert (status, body) == (200, expected) if ".hidden" not in path else status == 404, path
    for path in ("wide.png", "posts/wide.png", "folder/deeper/wide.png"):
        assert small.status(f"/{path}.480.webp") == 200, path


def test_every_answer_notes_what_it_is_made_from(site_with: SiteWith, tmp_path: Path) -> None:
    """What notes nothing would be current for ever, or, as the plan has it, be rendered by each freeze."""
    small = varied(site_with)
    small.site.loader.refresh()
    for address, made, _ in write_pages(small.site, addresses_of(small.site), tmp_path, jobs=1):
        assert {note.name for note in made.notes} - {"program"}, address


def test_nothing_of_a_draft_is_in_a_release(site_with: SiteWith, tmp_path: Path) -> None:
    small = varied(site_with)
    freeze_all(small.site, tmp_path / "frozen")
    for path in (tmp_path / "frozen").rglob("*"):
        assert "draft" not in path.name
        if path.is_file():
            assert b"Secret draft" not in path.read_bytes(), path
