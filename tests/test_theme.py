"""A site's own templates and assets lie over the theme's, file by file, and every page knows which it was made from."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from tests.conftest import ROOT, SiteWith, SmallSite, post_text
from trigpoint.freezing.checks.sources import findings
from trigpoint.freezing.freeze import FreezeOptions, publish
from trigpoint.freezing.plan import why
from trigpoint.freezing.releases import Releases
from trigpoint.theme import overlay, shipped


@pytest.fixture
def bare(site_with: SiteWith) -> SmallSite:
    """A site that has neither templates nor assets of its own."""
    small = site_with({"a": post_text("A"), "b": post_text("B", "2026-01-03")})
    shutil.rmtree(small.root / "templates")
    shutil.rmtree(small.root / "static")
    return small


def own(small: SmallSite, path: str, text: str) -> None:
    (small.root / path).parent.mkdir(parents=True, exist_ok=True)
    (small.root / path).write_text(text)


def freeze(small: SmallSite) -> set[str]:
    """The addresses that a freeze renders."""
    return set(publish(small.site, FreezeOptions(jobs=1), lambda things, count, label: iter(things)).rendered)


def reasons(small: SmallSite, address: str, show_all: bool = False) -> tuple[str, ...]:
    small.site.loader.refresh()
    newest = Releases.of(small.site.settings).newest
    assert newest
    return why(small.site, newest, address, show_all) or ()


def test_a_site_needs_no_templates_and_no_assets(bare: SmallSite) -> None:
    assert "A test blog" in bare.text("/posts/a/")
    assert bare.status("/static/css/site.css") == 200
    assert bare.faults() == []


def test_an_own_template_stands_over_the_themes_and_beside_its_others(bare: SmallSite) -> None:
    before = bare.text("/posts/a/")
    own(bare, "templates/_footer.html", "<footer>Mine</footer>\n")
    after = bare.text("/posts/a/")
    assert "<footer>Mine</footer>" in after and "<footer>Mine</footer>" not in before
    assert after.split("<footer>")[0] == before.split('<footer class="site-footer">')[0]
    shutil.rmtree(bare.root / "templates")
    assert bare.text("/posts/a/") == before


def test_an_own_template_may_change_a_block_of_the_theme(bare: SmallSite) -> None:
    own(bare, "templates/post.html", '{% extends "theme/post.html" %}{% block after_body %}<p>Mine</p>{% endblock %}')
    text = bare.text("/posts/a/")
    assert "<p>Mine</p>" in text and '<article class="article h-entry"' in text


def test_what_appears_over_the_theme_makes_pages_stale_and_what_goes_does_too(bare: SmallSite) -> None:
    """In the next process, and in the one that serves."""
    freeze(bare)
    served = bare.text("/posts/a/")
    own(bare, "templates/post.html", '{% extends "theme/post.html" %}{% block foot %}{% endblock %}')
    assert reasons(bare, "/posts/a/") == ("/posts/a/ will be rendered: the template post.html has changed.",)
    assert bare.text("/posts/a/") != served
    assert {"/posts/a/", "/posts/b/"} <= freeze(bare)
    assert freeze(bare) == set()
    (bare.root / "templates/post.html").unlink()
    assert reasons(bare, "/posts/a/") == (
        "/posts/a/ will be rendered: the template post.html of the theme has changed.",
    )
    assert bare.text("/posts/a/") == served


def test_a_template_that_was_looked_for_and_is_nowhere_is_noted(bare: SmallSite) -> None:
    asking = '{% include "_comments.html" ignore missing %}'
    own(bare, "templates/post.html", f'{{% extends "theme/post.html" %}}{{% block body %}}{asking}{{% endblock %}}')
    assert "Comments" not in bare.text("/posts/a/")
    freeze(bare)
    own(bare, "templates/_comments.html", "<p>Comments</p>")
    assert "the template _comments.html has changed" in reasons(bare, "/posts/a/")[0]
    assert "<p>Comments</p>" in bare.text("/posts/a/")


def test_why_says_which_files_are_the_themes(bare: SmallSite) -> None:
    own(bare, "templates/_footer.html", "<footer>Mine</footer>")
    own(bare, "static/css/own.css", "a { color: red }")
    own(bare, "static/js/theme.js", "1")
    freeze(bare)
    lines = reasons(bare, "/posts/a/", show_all=True)
    assert "  holds  the template _footer.html" in lines
    assert "  holds  the template base.html of the theme" in lines
    assert "  holds  the file static/js/theme.js" in lines
    assert "  holds  the file static/css/site.css of the theme and the site's css/own.css" in lines


def test_rules_of_the_sites_own_stand_last_in_the_stylesheet(bare: SmallSite) -> None:
    theme = bare.text("/static/css/site.css")
    own(bare, "static/css/own.css", ":root { --link: green; }")
    assert bare.text("/static/css/site.css") == theme + ":root { --link: green; }"
    assert bare.status("/static/css/own.css") == 404


def test_an_own_asset_stands_over_the_themes(bare: SmallSite) -> None:
    own(bare, "static/images/favicon.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>")
    own(bare, "static/notes.txt", "Mine.")
    assert bare.answer("/static/images/favicon.svg")[1] == b"<svg xmlns='http://www.w3.org/2000/svg'/>"
    assert bare.text("/static/notes.txt") == "Mine."
    assert bare.text("/static/js/search.js").strip()
    assert not [name for name in bare.site.assets.names() if name.startswith("theme/")]


def places(small: SmallSite) -> set[str]:
    small.site.loader.refresh()
    return {fault.place for fault in findings(small.site) if not fault.warning}


def test_a_fault_in_a_template_names_the_file_that_an_author_can_open(bare: SmallSite) -> None:
    own(bare, "templates/_meta.html", "\n{{ nothing }}")
    assert places(bare) == {"templates/_meta.html:2"}
    own(bare, "templates/_meta.html", "{% if %}")
    assert places(bare) == {"templates/_meta.html:1"}
    own(bare, "templates/_meta.html", "")
    own(bare, "templates/post.html", '{% extends "theme/post.html" %}{% set post = 3 %}')
    (place,) = places(bare)
    assert place.startswith(f"{ROOT}/templates/post.html:")


@pytest.mark.parametrize(
    ("path", "text", "said"),
    [
        (
            "post.html",
            '{% extends "post.html" %}',
            "a template extends or includes itself, or a macro calls itself. The theme's own is there as",
        ),
        ("post.html", '{% extends "theme/none.html" %}', "there is no template theme/none.html."),
        ("theme/post.html", "", "This file is not read: `theme/` stands for the templates of the theme."),
    ],
)
def test_a_mistake_about_the_theme_is_one_sentence(bare: SmallSite, path: str, text: str, said: str) -> None:
    own(bare, f"templates/{path}", text)
    bare.site.loader.refresh()
    found = {str(fault) for fault in findings(bare.site) if not fault.warning}
    assert all(said in fault and fault.startswith(f"templates/{path}:") for fault in found) and found


def test_what_is_gone_from_the_engine_is_named_and_not_each_page(bare: SmallSite, tmp_path: Path) -> None:
    engine = tmp_path / "engine"
    shutil.copytree(ROOT / "trigpoint", engine / "trigpoint", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "templates", engine / "templates")
    (bare.root / "app.py").write_text((ROOT / "starter/app.py").read_text())

    def errors() -> list[str]:
        run = {"cwd": bare.root, "env": {"PATH": os.environ["PATH"], "PYTHONPATH": str(engine)}}
        ended = subprocess.run([sys.executable, "-m", "flask", "check"], capture_output=True, text=True, **run)  # type: ignore[call-overload]
        return [line for line in ended.stdout.splitlines() if ": warning: " not in line][:-1]

    cure = "This folder is empty, or not there. Bring back the one that the engine came with."
    assert errors() == [f"{engine}/static/: {cure}"]
    shutil.copytree(ROOT / "static", engine / "static")
    (engine / "templates/post.html").unlink()
    assert len(errors()) == 1
    assert errors()[0].startswith("templates/post.html: ")
    assert errors()[0].endswith(" can't be made: there is no template post.html.")


def test_a_link_that_leads_out_of_the_folder_does_not_hide_the_theme(bare: SmallSite) -> None:
    (bare.root / "templates").mkdir()
    (bare.root / "templates/_footer.html").symlink_to("/etc/hostname")
    assert 'class="site-footer"' in bare.text("/posts/a/")
    assert any(fault.startswith("templates/_footer.html: This is a link that leads out") for fault in bare.faults())


def test_the_checkout_is_its_own_theme_once() -> None:
    assert [layer.folder for layer in overlay("templates", ROOT).layers] == [shipped("templates")]
    assert overlay("templates", ROOT).origin("post.html") == ""


def test_a_file_whose_name_was_written_by_macos_is_found(bare: SmallSite) -> None:
    decomposed = unicodedata.normalize("NFD", "é")
    own(bare, f"static/images/caf{decomposed}.txt", "a picture")
    own(bare, f"templates/_caf{decomposed}.html", "Mine")
    own(bare, "templates/_footer.html", "<footer>{% include '_café.html' %}</footer>\n")
    assert bare.client.get("/static/images/café.txt").text == "a picture"
    assert "<footer>Mine</footer>" in bare.text("/posts/a/")
    assert bare.app.test_cli_runner().invoke(args=["check"]).exit_code == 0
    freeze(bare)
    assert (bare.root / "build/static/images/café.txt").read_text() == "a picture"
