"""What two pages of a foreign folder both want is settled, and told once."""

from __future__ import annotations

import datetime as dt

from tests.conftest import SiteWith
from trigpoint.content.pages import Page, Rules
from trigpoint.content.read_page import read_page
from trigpoint.faults import Fault
from trigpoint.library.settling import softened, spellings, with_one_spelling, with_slugs_of_folders

LENIENT = 'front_matter = "lenient"\ntags = "open"\n'


def pages(texts: dict[str, str]) -> list[Page]:
    rules = Rules(dt.UTC, lenient=True)
    made = (
        read_page(f"posts/{path}", f"---\ntitle: A\ndate: 2020-01-02\n{lines}\n---\n".encode(), rules)[0]
        for path, lines in texts.items()
    )
    return [page for page in made if page]


def test_the_more_frequent_spelling_of_a_tag_is_taken_for_all_and_told_once() -> None:
    found = pages(
        {
            "a.md": "tags: [ios]",
            "b.md": "tags: [iOS]",
            "c.md": "tags: [iOS, x]",
            "d.md": "tags: [ios]",
            "e.md": "tags: [iOS]",
        }
    )
    assert {tag.name for page in with_one_spelling(found) for tag in getattr(page, "tags", ())} == {"iOS", "x"}
    (fault,) = spellings(found, "pages")
    assert (fault.path, fault.line, fault.warning, fault.kind) == ("pages/posts/a.md", 4, True, "tag-spelling")


def test_posts_of_one_name_have_their_folders_in_their_addresses() -> None:
    found = pages(
        dict.fromkeys(["2019/a.md", "2020/a.md", "2020/b/index.md", "x/b/index.md", "c.md", "d/c.md", "d/e/c.md"], "")
    )
    assert [page.address for page in with_slugs_of_folders(found)] == [
        "/posts/a/", "/posts/2020-a/", "/posts/b/", "/posts/c/", "/posts/d-c/", "/posts/e-c/", "/posts/x-b/",
    ]  # fmt: skip


def test_what_costs_no_page_is_a_warning() -> None:
    broken = Fault("a", 1, 0, "s", kind="cover-broken")
    assert softened(broken).warning and not softened(Fault("a", 1, 0, "s", kind="link-dead")).warning


def test_sources_of_another_blog_are_read_by_any_of_their_endings(site_with: SiteWith) -> None:
    text = "---\ntitle: T\ndate: 2020-01-02\n---\nThe text, and [another](2020-01-02-a.markdown#x).\n\n## X\n"
    names = ["2020-01-02-a.markdown", "b.mdx", "c.mkd", "D.MD", "e.html.md", "f/index.markdown"]
    files = {**{f"posts/{name}": text for name in names}, "posts/f/a.txt": "beside"}
    files |= {
        "posts/g/index.qmd": text,
        "posts/h.Rmd": text,
        "posts/i.Rmd": "---\n- no header\n---\n",
        "posts/i.md": text,
    }
    small = site_with(files=files, settings=LENIENT)
    assert {post.slug for post in small.library.posts} == set("abcdefghi")
    assert small.faults() == []
    assert b'href="/posts/a/#x"' in small.answer("/posts/b/")[1]
    assert small.answer("/posts/f/a.txt")[1] == b"beside"


POST_IN_HTML = {
    "posts/2020-01-02-a.html": "---\ntitle: T\n---\n<p>*a*</p>\n\n    <p><a href='b.html'>b</a></p>\n",
    "posts/b.html": "<p>b</p>",
}


def test_html_whose_name_begins_with_a_day_is_a_post(site_with: SiteWith) -> None:
    small = site_with(files=POST_IN_HTML, settings=LENIENT)
    (post,) = small.library.posts
    assert (post.slug, post.title, post.date.day) == ("a", "T", 2)
    page = small.answer("/posts/a/")[1]
    assert b"<p>*a*</p>" in page and b'<p><a href="/posts/b.html">b</a></p>' in page
    assert small.answer("/posts/b.html")[1] == b"<p>b</p>"


def test_html_is_a_file_on_a_strict_site(site_with: SiteWith) -> None:
    small = site_with(files={"posts/2020-01-02-a.html": "<p>a</p>"})
    assert small.answer("/posts/2020-01-02-a.html")[1] == b"<p>a</p>" and small.faults() == []


def test_a_hidden_bundle_of_another_ending_keeps_its_files(site_with: SiteWith) -> None:
    text = "---\ntitle: T\ndate: 2020-01-02\ndraft: true\n---\nx\n"
    small = site_with(files={"posts/f/index.mdx": text, "posts/f/a.txt": "secret"}, settings=LENIENT)
    assert small.status("/posts/f/a.txt") == 404


def test_a_notebook_beside_an_article_is_a_file_of_a_strict_site(site_with: SiteWith) -> None:
    small = site_with(
        files={
            "posts/a/index.md": "---\ntitle: T\ndate: 2020-01-02\n---\n[The code](a.qmd), [that](b.Rmd).\n",
            "posts/a/a.qmd": "```{r}\n1\n```\n",
            "posts/a/b.Rmd": "---\ntitle: Draft\n---\n",
        }
    )
    assert small.answer("/posts/a/a.qmd")[1].startswith(b"```{r}")
    assert small.status("/posts/a/b.Rmd") == 404
