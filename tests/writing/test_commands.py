"""new, publish, rename and list, as an author runs them: real processes, real files."""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.checking.test_check_command import committed
from tests.commands.test_publishing import flask, prepared
from tests.conftest import SiteWith, SmallSite, post_text, tree
from trigpoint.writing.new import slug_of_title


def sources(small: SmallSite) -> dict[str, bytes]:
    return tree(small.pages)


def refused(small: SmallSite, *words: str) -> str:
    """The one line that a command says which changes nothing."""
    before = sources(small)
    ended = flask(small, *words)
    assert ended.returncode == 1, ended
    assert sources(small) == before
    assert ended.stderr.startswith("Error: ") and ended.stderr.count("\n") == 1, ended.stderr
    return ended.stderr.removeprefix("Error: ").strip()


def test_a_new_post_is_a_draft_that_the_site_can_read(site_with: SiteWith) -> None:
    small = site_with()
    ended = flask(small, "new", "Größe & Gewicht: C++", "--tags", "golang, C++")
    assert (ended.returncode, ended.stdout) == (0, "pages/posts/grosse-gewicht-c-plus-plus.md\n"), ended.stderr
    text = (small.root / ended.stdout.strip()).read_text()
    assert text.startswith('---\ntitle: "Größe & Gewicht: C++"\ndate: 20')
    assert 'tags: [Go, C++]\ndraft: true\nid: "tag:blog.example,' in text
    assert small.faults() == []
    page = small.library.snapshot.pages[0]
    assert page.draft and page.title == "Größe & Gewicht: C++"


@pytest.mark.parametrize(
    ("title", "language", "slug"),
    [
        ("Größe", "en", "grosse"), ("Größe", "de-AT", "groesse"), ("Bla\u030abær", "nb", "blaabaer"),
        ("Привет, мир!", "ru", "privet-mir"), ("微服务 架构", "zh", "weifuwu-jiagou"), ("🎉", "en", "tada"),
        ("C#", "en", "c-sharp"), ("日本語のタイトル", "ja", "日本語のタイトル"), ("カフカ & 東京", "en", "カフカ-東京"),
    ],
)  # fmt: skip
def test_the_address_of_a_new_post_is_its_title_in_latin_letters(title: str, language: str, slug: str) -> None:
    assert slug_of_title(title, language) == slug


def test_a_new_post_may_have_a_slug_that_its_author_chose(site_with: SiteWith) -> None:
    small = site_with()
    ended = flask(small, "new", "日本語のタイトル", "--slug", "a-title")
    assert (ended.returncode, ended.stdout) == (0, "pages/posts/a-title.md\n"), ended.stderr
    assert small.faults() == []
    assert refused(small, "new", "B", "--slug", "Ein Name").endswith("between them. Write `--slug ein-name`.")


def test_a_new_post_may_be_a_folder_with_a_day_of_its_own(site_with: SiteWith) -> None:
    small = site_with()
    assert flask(small, "new", "A post", "--folder", "--date", "2027-03-01").stdout == "pages/posts/a-post/index.md\n"
    assert "date: 2027-03-01\n" in (small.pages / "posts/a-post/index.md").read_text()


def test_a_new_post_opens_the_editor_and_says_where_there_is_no_terminal(site_with: SiteWith) -> None:
    small = site_with()
    ended = flask(small, "new", "A", "--edit", EDITOR="true")
    assert ended.returncode == 1
    assert ended.stderr.startswith("Error: There is no terminal to edit in: leave out --edit")
    assert not (small.pages / "posts/a.md").exists()


def test_a_new_post_takes_no_name_that_is_taken(site_with: SiteWith) -> None:
    small = site_with({"a": post_text(aliases="[/posts/old/]"), "broken": "no header"})
    for title, said in (
        ("A", "/posts/a/ is an address of pages/posts/a.md: nothing was changed."),
        ("Old", "/posts/old/ is an address of pages/posts/a.md: nothing was changed."),
        ("Broken", "pages/posts/broken.md is there already: nothing was changed."),
        ("!!!", 'A title is wanted: `flask new "What a queue does under load"`.'),
        ("  ", 'A title is wanted: `flask new "What a queue does under load"`.'),
    ):
        assert refused(small, "new", title) == said
    assert refused(small, "new", "B", "--tags", "Goo") == (
        'The tag "Goo" is not registered. Did you mean "Go"? A new tag gets a table [goo] in pages/tags.toml.'
    )
    assert refused(small, "new", "B", "--date", "soon").startswith('The date is "soon", but that is no date')
    assert refused(small, "new", "B" * 400).startswith('"title" has 400 characters')


def test_publishing_sets_the_day_and_keeps_all_else(site_with: SiteWith) -> None:
    header = (
        "---\n# The working title.\ntitle: 'A'\ndraft: true\n\ndate: 2020-01-01 10:00   # thought\ntags: [Go]\n---\n"
    )
    small = site_with({"a": f"{header}\nText.  \n"})
    ended = flask(small, "publish", "a")
    assert ended.stdout == "pages/posts/a.md is no draft any more. `flask freeze` publishes it.\n", ended
    text = (small.pages / "posts/a.md").read_text()
    day = text.partition("date: ")[2][:16]
    assert text == f"{header}\nText.  \n".replace("draft: true\n", "").replace("2020-01-01 10:00", day)
    assert day > "2026" and small.status("/posts/a/") == 200
    assert "is published already; nothing was changed." in flask(small, "publish", "pages/posts/a.md").stdout


@pytest.mark.parametrize("name", ["a", "a.md", "posts/a.md", "pages/posts/a.md", "/posts/a/"])
def test_an_article_goes_by_each_of_its_names(site_with: SiteWith, name: str) -> None:
    small = site_with({"a": post_text(draft="true")})
    assert flask(small, "publish", name).stdout.startswith("pages/posts/a.md is no draft any more.")


LENIENT = 'front_matter = "lenient"\n'
STRANGE = (
    "title: A\ndraft: true\n  # plot comes from bench/run.sh\ndate: 2026-01-01\n  # moved\nheader image: a.png\n"
    "schema.org: Article\nÜbersicht: x\naliases:\n- /old/\n  # of the old blog\nnot a word: 1\ntags: [Go]\n"
)


def test_lines_that_no_field_of_ours_has_stay_as_they_are(site_with: SiteWith) -> None:
    small = site_with({"a": f"---\n{STRANGE}---\n\nText.\n"}, settings=LENIENT)
    assert flask(small, "publish", "a", "--date", "2026-02-02").returncode == 0
    published = STRANGE.replace("draft: true\n", "").replace("2026-01-01", "2026-02-02")
    assert (small.pages / "posts/a.md").read_text() == f"---\n{published}---\n\nText.\n"
    assert flask(small, "rename", "a", "b").returncode == 0
    renamed = published.replace("- /old/\n", "- /old/\n- /posts/a/\n")
    assert (small.pages / "posts/b.md").read_text() == f"---\n{renamed}---\n\nText.\n"


def test_a_header_in_which_more_would_change_stays(site_with: SiteWith) -> None:
    """The reader of a foreign folder takes a fence that is indented, and YAML would go on to the next one."""
    small = site_with({"a": "---\ntitle: A\ndate: 2026-01-01\ndraft: true\n  ---\nBody: x\n---\n"}, settings=LENIENT)
    assert refused(small, "publish", "a") == (
        'With the header of pages/posts/a.md, "Body" would be changed, too. '
        "Write `draft` and `date` by hand; nothing was changed."
    )


def test_a_draft_with_faults_is_not_published_but_anyway(site_with: SiteWith) -> None:
    cover = '{image: none.png, alt: "A picture"}'
    small = site_with({"a": post_text("A", body="[x](none.md)", draft="true", cover=cover)})
    before = sources(small)
    ended = flask(small, "publish", "a")
    assert (ended.returncode, ended.stdout, sources(small)) == (1, "", before)
    picture, link, last = ended.stderr.splitlines()
    assert picture.startswith("pages/posts/a.md:5: ") and "none.png" in picture
    assert link.startswith('pages/posts/a.md:8: "none.md" leads to no page or file.')
    assert last == "Error: Nothing was changed: 2 faults to mend. `--anyway` publishes it all the same."
    assert flask(small, "publish", "a", "--anyway").stdout.startswith("pages/posts/a.md is no draft any more.")
    again = flask(small, "publish", "a")
    assert (again.returncode, again.stdout) == (0, "pages/posts/a.md is published already; nothing was changed.\n")


def test_publishing_on_a_later_day_says_so(site_with: SiteWith) -> None:
    small = site_with({"a": post_text(draft="true")})
    assert "Readers see it from 2199-01-01 on" in flask(small, "publish", "a", "--date", "2199-01-01").stdout
    assert small.status("/posts/a/") == 404


def test_publishing_refuses_what_it_cannot_do(site_with: SiteWith) -> None:
    files = {"posts/_drafts/d.md": post_text("D"), "about.md": "---\ntitle: About\ndraft: true\n---\n"}
    small = site_with({"ab": post_text(draft="true", expires="2026-02-01"), "bad": post_text(tgas="[x]")}, files)
    (small.root / "outside.md").write_text(post_text())
    for name, said in {
        "abc": 'There is no article "abc". Did you mean "ab"?',
        "zzz": 'There is no article "zzz". `flask list` names all.',
        "a TITLE": '"a TITLE" is the title of pages/posts/ab.md. Name the file, or its slug.',
        "ab": '"expires" is 2026-02-01, but the post begins only on 20',
        "bad": 'pages/posts/bad.md:4:1: "tgas" is not a field. Did you mean "tags"? Mend it first; nothing was',
        "d": 'pages/posts/_drafts/d.md: "_drafts/" hides it: take that out, or move the file. Nothing was changed.',
        "about.md": "pages/about.md is a page without a date: take `draft: true` out of it.",
        "outside.md": "outside.md lies outside of pages/, where the articles are.",
    }.items():
        assert refused(small, "publish", name).startswith(said), name


def test_renaming_moves_the_file_and_leads_the_old_address_and_all_links_on(site_with: SiteWith) -> None:
    posts = {
        "a": post_text("A", body="[me](a.md#x) [b](b.md)\n\n## x"),
        "b": post_text("B", body="[a](a.md#x), [a](/posts/a/) and `[a](a.md)`.\n\n[r]: <a.md>\n"),
        "c": post_text("C"),
    }
    small = site_with(posts)
    before = sources(small)["posts/c.md"]
    ended = flask(small, "rename", "a", "größe")
    assert ended.stdout == (
        "pages/posts/a.md is pages/posts/größe.md now, at /posts/größe/.\n"
        "/posts/a/ leads there: `aliases` says so.\npages/posts/b.md: its links name the new file.\n"
    ), ended
    assert "aliases: [/posts/a/]\n---" in (small.pages / "posts/größe.md").read_text()
    assert "[me](größe.md#x) [b](b.md)" in (small.pages / "posts/größe.md").read_text()
    assert (
        "[a](größe.md#x), [a](/posts/größe/) and `[a](a.md)`.\n\n[r]: <größe.md>"
        in (small.pages / "posts/b.md").read_text()
    )
    assert sources(small)["posts/c.md"] == before
    assert small.status("/posts/a/") == 301
    assert flask(small, "check").returncode == 0
    assert flask(small, "rename", "größe", "a").returncode == 0  # And back again.
    assert "aliases: [/posts/größe/]\n" in (small.pages / "posts/a.md").read_text()
    assert flask(small, "check").returncode == 0


def test_an_address_that_nobody_had_gets_no_alias(site_with: SiteWith) -> None:
    small = site_with({"a": post_text("A")})
    assert flask(small, "freeze").returncode == 0
    for old, new, aliases in (
        ("a", "b", "aliases: [/posts/a/]\n"),
        ("b", "c", "aliases: [/posts/a/]\n"),
        ("c", "a", ""),
    ):
        assert flask(small, "rename", old, new).returncode == 0
        assert (small.pages / f"posts/{new}.md").read_text() == post_text("A").replace("---\n\n", f"{aliases}---\n\n")


def test_an_address_that_was_committed_or_is_in_an_older_release_gets_one(site_with: SiteWith) -> None:
    small = site_with({"a": post_text("A"), "x": post_text("X")})
    assert flask(small, "freeze").returncode == 0
    assert flask(small, "rename", "a", "b").returncode == 0
    committed(small)
    assert "/posts/b/ leads there" in flask(small, "rename", "b", "c").stdout
    (small.pages / "posts/x.md").unlink()
    assert flask(small, "freeze", "--drop", "/posts/x/").returncode == 0
    small.write("posts/x.md", post_text("X", draft="true"))
    assert "/posts/x/ leads there" in flask(small, "rename", "x", "y").stdout


def test_renaming_a_folder_takes_what_lies_in_it_along(site_with: SiteWith) -> None:
    files = {
        "posts/2026-01-05-a b/index.md": post_text("A", slug="a", body="![p](p.txt)", draft="true"),
        "posts/2026-01-05-a b/p.txt": "x",
        "posts/b.md": post_text("B", body="[p](<2026-01-05-a b/p.txt>) [q](2026-01-05-a%20b/index.md)"),
    }
    small = site_with(files=files)
    ended = flask(small, "rename", "pages/posts/2026-01-05-a b", "new")
    assert ended.returncode == 0, ended.stderr
    assert set(sources(small)) == {
        "tags.toml",
        "posts/2026-01-05-new/index.md",
        "posts/2026-01-05-new/p.txt",
        "posts/b.md",
    }
    text = (small.pages / "posts/2026-01-05-new/index.md").read_text()
    assert "slug: new\n" in text and "aliases" not in text  # No reader ever had the address of this draft.
    assert "[p](<2026-01-05-new/p.txt>) [q](2026-01-05-new/index.md)" in (small.pages / "posts/b.md").read_text()


def test_renaming_leads_on_what_headers_and_sets_of_pictures_name(site_with: SiteWith) -> None:
    picture = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'
    files = {
        "posts/a/index.md": post_text("A", cover="{image: p.svg, alt: P}"),
        "posts/a/p.svg": picture,
        "posts/b.md": post_text(
            "B",
            cover="{image: a/p.svg, alt: P}",
            superseded_by="a/index.md",
            body='<img srcset="a/p.svg 1x, /posts/a/p.svg 2x" src="a/p.svg" alt="x">',
        ),
        "posts/c.md": '---\ntitle: C\ndate: 2026-01-01\ncover:\n  image: "a/p.svg"\n  alt: P\n---\n\nText.\n',
        "posts/d.md": post_text("D", lang="de", translation_of="/posts/a/#x", body="Text."),
    }
    small = site_with(files=files)
    small.write("posts/a/index.md", post_text("A", cover="{image: p.svg, alt: P}", body="## x\n\nText."))
    assert flask(small, "check").returncode == 0
    ended = flask(small, "rename", "a", "new")
    assert ended.returncode == 0, ended.stderr
    b, c, d = ((small.pages / f"posts/{name}.md").read_text() for name in "bcd")
    assert "cover: {image: new/p.svg, alt: P}\n" in b and "superseded_by: new/index.md\n" in b
    assert '<img srcset="new/p.svg 1x, /posts/new/p.svg 2x" src="new/p.svg" alt="x">' in b
    assert 'image: "new/p.svg"\n' in c
    assert "translation_of: /posts/new/#x\n" in d
    assert "cover: {image: p.svg, alt: P}\n" in (small.pages / "posts/new/index.md").read_text()
    assert flask(small, "check").returncode == 0


def test_renaming_names_the_sources_with_errors_that_name_the_old_file(site_with: SiteWith) -> None:
    broken = "---\ntitle: [\n---\n\n"
    small = site_with({"a": post_text("A"), "b": f"{broken}[a](a.md)\n", "c": f"{broken}[x](x.md)\n"})
    ended = flask(small, "rename", "a", "new")
    assert ended.returncode == 0
    assert ended.stderr == "pages/posts/b.md has errors, and names the old file still: mend both.\n"
    assert "](a.md)" in (small.pages / "posts/b.md").read_text()


PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'


@pytest.mark.parametrize("cover", ["{alt: a/p.svg shows P, image: a/p.svg}", '{alt: P, image: "a\\x2Fp.svg"}'])
def test_a_header_of_another_page_in_which_more_or_less_would_change_stays(site_with: SiteWith, cover: str) -> None:
    files = {"posts/a/index.md": post_text("A"), "posts/a/p.svg": PICTURE, "posts/b.md": post_text("B", cover=cover)}
    small = site_with(files=files)
    before = tree(small.pages)
    assert refused(small, "rename", "a", "new") == (
        "pages/posts/b.md can't be changed safely. Lead `cover` to the new name by hand; nothing was changed."
    )
    assert tree(small.pages) == before


def test_renaming_refuses_what_is_taken_or_no_name(site_with: SiteWith) -> None:
    small = site_with({"a": post_text(), "b": post_text(aliases="[/posts/c/]"), "v1.2": post_text()})
    for names, said in {
        ("a", "b"): "/posts/b/ is an address of pages/posts/b.md: nothing was changed.",
        ("a", "c"): "/posts/c/ is an address of pages/posts/b.md: nothing was changed.",
        ("a", "A B"): 'The new name is "A B", but a slug is made of lower-case letters',
        ("a", "../x"): 'The new name is "../x", but a slug',
        ("a", "a"): "pages/posts/a.md has that name already.",
        ("x", "y"): 'There is no article "x".',
    }.items():
        with_taken = refused(small, "rename", *names)
        assert with_taken.startswith(said) or "is there already" in with_taken, (names, with_taken)
    assert flask(small, "rename", "v1.2", "v1.3").returncode == 0


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("posts/a.markdown", "posts/new.markdown"), ("posts/a.mdx", "posts/new.mdx"), ("posts/a.MD", "posts/new.MD"),
        ("posts/a/index.mdx", "posts/new/index.mdx"), ("posts/2020-01-02-a.html", "posts/2020-01-02-new.html"),
        ("posts/2020-01-02-a.markdown", "posts/2020-01-02-new.markdown"), ("a/index.markdown", "new/index.markdown"),
    ],
)  # fmt: skip
def test_a_source_of_another_generator_keeps_its_suffix(site_with: SiteWith, old: str, new: str) -> None:
    small = site_with(files={old: "---\ntitle: A\ndate: 2026-01-01\n---\n\nText.\n"}, settings=LENIENT)
    assert refused(small, "rename", f"pages/{old}", "A b").startswith('The new name is "A b"')
    assert refused(small, "rename", f"pages/{old}", "Großer Name").endswith("between them. Write `grosser-name`.")
    ended = flask(small, "rename", f"pages/{old}", "new")
    assert ended.returncode == 0, ended.stderr
    assert set(sources(small)) == {"tags.toml", new}
    address = "/posts/new/" if "posts" in new else "/new/"
    assert small.status(address) == 200 and small.status(address.replace("new", "a")) == 301


@pytest.mark.parametrize("there", ["new.markdown", "new.mdx", "new.md", "new/p.txt"])
def test_a_name_is_taken_by_a_source_with_any_suffix(site_with: SiteWith, there: str) -> None:
    small = site_with({"a": post_text()}, {f"posts/{there}": "draft: true, and no header"}, settings=LENIENT)
    assert "is there already" in refused(small, "rename", "a", "new") or "/posts/new/ is an address" in refused(
        small, "rename", "a", "new"
    )


def test_the_list_names_all_articles_with_their_state(site_with: SiteWith) -> None:
    small = site_with(
        {
            "a": post_text("A", "2026-01-01"),
            "b": post_text("B", "2026-01-02", draft="true"),
            "c": post_text("C", "2199-01-01"),
            "d": post_text("D", "2026-01-03", expires="2026-01-04"),
        }
    )
    assert [line.split() for line in flask(small, "list").stdout.splitlines()] == [
        ["2199-01-01", "future", "pages/posts/c.md", "C"],
        ["2026-01-03", "expired", "pages/posts/d.md", "D"],
        ["2026-01-02", "draft", "pages/posts/b.md", "B"],
        ["2026-01-01", "published", "pages/posts/a.md", "A"],
    ]
    assert [each["slug"] for each in json.loads(flask(small, "list", "--drafts", "--future", "--json").stdout)] == [
        "c",
        "b",
    ]
    assert flask(site_with(name="other"), "list").stderr == "There is no such article.\n"


def test_the_list_says_how_many_it_does_not_know(site_with: SiteWith) -> None:
    small = site_with({"a": post_text("A"), "b": "no header"}, {"about.md": "no header", "posts/a.txt": "x"})
    for words in (("list",), ("list", "--json"), ("list", "--drafts")):
        said = flask(small, *words).stderr.splitlines()[-1]
        assert said == "1 article is not listed: its file has errors, which `flask check` names."
    small.write("posts/c/index.md", post_text(tgas="[x]"))
    assert "2 articles are not listed: they have errors" in flask(small, "list").stderr
    small.write("posts/b.md", post_text("B"))
    (small.pages / "posts/c/index.md").unlink()
    assert flask(small, "list").stderr == ""


def test_the_list_names_a_folder_that_cannot_be_read(site_with: SiteWith, monkeypatch: pytest.MonkeyPatch) -> None:
    small = site_with({"a": post_text("A")})
    scandir = os.scandir

    def refused(path: str) -> object:
        if str(path).endswith("posts"):
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refused)
    ended = small.app.test_cli_runner().invoke(args=["list"])
    assert "pages/posts: This can't be read: permission denied." in ended.stderr


def test_a_list_of_a_folder_that_is_not_there_is_an_error(site_with: SiteWith) -> None:
    small = site_with()
    shutil.rmtree(small.pages)
    ended = flask(small, "list")
    assert ended.returncode == 1
    assert ended.stderr.startswith("Error: pages: There is no such folder. Bring it back")


@pytest.mark.parametrize("words", [("new", "New"), ("publish", "b"), ("rename", "a", "n")])
def test_a_disk_that_takes_no_more_costs_nothing(site_with: SiteWith, words: tuple[str, ...]) -> None:
    """The size of a file that may be written is 0: each write fails as on a full disk."""
    small = site_with({"a": post_text(), "b": post_text(draft="true", body="[a](a.md)")})
    flask(small, "list")  # The cache is there.
    before = sources(small)
    ended = subprocess.run(
        [sys.executable, "-m", "flask", *words],
        cwd=small.root,
        capture_output=True,
        text=True,
        env={"PATH": os.environ["PATH"]},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY)),
    )
    assert ended.returncode == 1
    assert sources(small) == before
    assert ended.stderr.splitlines()[-1].endswith("Nothing was changed."), ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("list",), "The output"),
        (("new", "B"), "pages/posts/b.md is made, but its report"),
        (("publish", "a"), "pages/posts/a.md is no draft any more, but its report"),
        (("rename", "a", "n"), "pages/posts/a.md is pages/posts/n.md now, but its report"),
    ],
)
def test_output_that_cannot_be_written_is_one_line(site_with: SiteWith, words: tuple[str, ...], said: str) -> None:
    small = site_with({"a": post_text(draft="true")})
    prepared(small)
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "flask", *words], cwd=small.root, stdout=full, stderr=subprocess.PIPE, text=True
        )
    assert ended.returncode == 1
    assert f"Error: {said} could not be written: No space left on device." in ended.stderr, ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("words", [("list",), ("new", "B"), ("publish", "a"), ("rename", "a", "b")])
def test_a_site_without_its_folder_is_one_line(site_with: SiteWith, words: tuple[str, ...]) -> None:
    small = site_with()
    prepared(small)
    (small.pages / "tags.toml").unlink()
    (small.pages / "posts").rmdir()
    small.pages.rmdir()
    ended = flask(small, *words)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == "Error: pages: There is no such folder. Bring it back, or set `pages` in site.toml.\n"
    assert not small.pages.exists()
