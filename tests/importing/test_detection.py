"""Of the folder around an export nothing comes along but the pictures; of no folder what is hidden."""

from __future__ import annotations

import json
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.conftest import SiteWith, tree
from tests.importing.test_importer import blog, post
from tests.importing.test_sites import imported
from trigpoint.importing.detection import read_source
from trigpoint.importing.generators import ImportStopped

SITES = Path(__file__).parent / "sites"
SECRETS = (".ssh/id_rsa", "taxes.pdf", "notes/diary.txt", "content/data/ghost.db")
PICTURES = ("uploads/a.png", "content/images/a.png")
LINKS = "".join(f'<p><a href="{start}{path}">x</a></p>' for path in SECRETS for start in ("", "/", "./notes/../"))
SHOWN = '<img src="/wp-content/uploads/a.png" alt="a"><img src="/content/images/a.png" alt="a">'
WORDPRESS = """<rss xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><link>https://old.example</link><item><title>Hi</title><link>https://old.example/hi/</link>
<content:encoded><![CDATA[{}]]></content:encoded><wp:post_id>1</wp:post_id><wp:post_name>hi</wp:post_name>
<wp:post_date>2020-01-02 03:04:05</wp:post_date><wp:status>publish</wp:status><wp:post_type>post</wp:post_type>
</item></channel></rss>"""
GHOST = {"id": "1", "title": "Hi", "slug": "hi", "status": "published", "published_at": "2020-01-02T03:04:05Z"}
DEVTO = {"title": "Hi", "slug": "hi", "url": "https://dev.to/a/hi", "published_at": "2020-01-02T03:04:05Z"}
EXPORTS = {
    "export.xml": (WORDPRESS.format(LINKS + SHOWN), {"uploads/a.png"}),
    "ghost.json": (
        json.dumps({"db": [{"data": {"posts": [{**GHOST, "html": LINKS + SHOWN}], "tags": []}}]}),
        {"content/images/a.png"},
    ),
    "articles.json": (json.dumps([{**DEVTO, "body_markdown": LINKS + SHOWN}]), set()),
}


def home(folder: Path, export: str) -> Path:
    """A home folder with this export in it, whose files hold their own names."""
    for path in (*SECRETS, *PICTURES):
        (folder / "home" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "home" / path).write_text(path)
    (folder / "home" / export).write_text(EXPORTS[export][0])
    return folder / "home"


@pytest.mark.parametrize("export", EXPORTS)
@pytest.mark.parametrize("is_folder", [False, True], ids=["file", "folder"])
def test_of_the_folder_of_an_export_pictures_alone_come_along(
    site_with: SiteWith, tmp_path: Path, export: str, is_folder: bool
) -> None:
    small = site_with(tags="")
    source = home(tmp_path, export)
    imported(small, source if is_folder else source / export)
    copied = {content.decode() for path, content in tree(small.pages).items() if not path.endswith((".md", ".toml"))}
    assert copied == EXPORTS[export][1]


@pytest.mark.parametrize("export", EXPORTS)
def test_the_folder_of_an_export_is_not_walked(tmp_path: Path, export: str) -> None:
    _, folder, _ = read_source(home(tmp_path, export) / export, "", tmp_path)
    assert set(folder.paths) == EXPORTS[export][1]


def test_a_linked_folder_of_pictures_is_named_and_not_followed(tmp_path: Path) -> None:
    source = home(tmp_path, "export.xml")
    (source / "uploads/a.png").unlink()
    (source / "uploads").rmdir()
    (source / "uploads").symlink_to("notes")
    site, folder, _ = read_source(source / "export.xml", "", tmp_path)
    assert folder.paths == ()
    assert [(each.kind, each.path) for each in site.findings] == [("link-not-followed", "uploads")]


def test_what_is_hidden_in_a_blog_is_never_copied(site_with: SiteWith, tmp_path: Path) -> None:
    small = site_with(tags="")
    hidden = (".env", ".git/config", "_posts/.key", ".deploy/id_rsa")
    body = " ".join(f"[x](/{path})" for path in hidden) + " [x](.key) [y](/paper.txt)"
    files = {path: path for path in hidden} | {"_posts/2020-01-02-a.md": post(body), "paper.txt": "paper"}
    imported(small, blog(tmp_path, files))
    assert {path for path in tree(small.pages) if not path.endswith((".md", ".toml"))} == {"posts/a/paper.txt"}


BOMB = '<!DOCTYPE rss [<!ENTITY a "{}"><!ENTITY b "&a;&a;&a;">]>'.format("x" * 100)


@pytest.mark.parametrize(
    "hidden",
    [
        BOMB,
        BOMB.replace("ENTITY", "ENT\x01ITY").replace("DOCTYPE", "DOC\0TYPE"),
        f"<!-- {'x' * 5000} <rss -->{BOMB}",
        f"<?x <rss ?>{BOMB}",
        "<!DOCTYPE rss SYSTEM 'https://old.example/x.dtd'>",
    ],
    ids=["plain", "control characters", "far down", "instruction", "external"],
)
def test_an_export_with_a_document_type_is_refused(tmp_path: Path, hidden: str) -> None:
    (tmp_path / "a.xml").write_text(f"<?xml version='1.0'?>{hidden}{WORDPRESS.format('&b;')}")
    with pytest.raises(ImportStopped, match="begins as no export of WordPress does"):
        read_source(tmp_path / "a.xml", "wordpress", tmp_path)


def test_an_export_may_speak_of_entities(tmp_path: Path) -> None:
    above = "\ufeff<?xml version='1.0' encoding='UTF-8' ?>\n<!-- Made by\nWordPress -->\n<!-- <!DOCTYPE x> -->\n"
    (tmp_path / "a.xml").write_text(above + WORDPRESS.format("[code]<!DOCTYPE html><!ENTITY\x0b a>[/code]"))
    site, _, _ = read_source(tmp_path / "a.xml", "", tmp_path)
    assert "&lt;!DOCTYPE html&gt;&lt;!ENTITY a&gt;" in site.entries[0].body


def test_an_export_that_macos_packed_is_recognised(tmp_path: Path) -> None:
    sample = (SITES / "medium/posts/2020-01-02_First-0123456789ab.html").read_bytes()
    with ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("export/posts/2020-01-02_First.html", sample)
        archive.writestr("__MACOSX/export/posts/._2020-01-02_First.html", b"\0\5\x16\7")
    (tmp_path / "scratch").mkdir()
    site, _, _ = read_source(tmp_path / "a.zip", "", tmp_path / "scratch")
    assert (site.generator, len(site.entries)) == ("medium", 1)


def test_what_macos_leaves_in_a_folder_is_no_text(tmp_path: Path) -> None:
    old = blog(tmp_path, {"_posts/2020-01-02-a.md": post(), "_posts/._2020-01-02-a.md": "x", "__MACOSX/b.md": post()})
    site, _, _ = read_source(old, "", tmp_path)
    assert [entry.path for entry in site.entries] == ["_posts/2020-01-02-a.md"]
