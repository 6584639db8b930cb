"""A folder of another blog is read as it is."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.conftest import is_linear
from trigpoint.content.pages import Cover, Page, Post, Rules
from trigpoint.content.read_page import read_page
from trigpoint.library.snapshot import hidden_because

RULES = Rules(dt.UTC, lenient=True)


def post_of(text: str, path: str = "posts/a.md") -> Post:
    page, faults = read_page(path, text.encode(), RULES)
    assert isinstance(page, Post), faults
    return page


def test_keys_have_other_names_and_any_case() -> None:
    post = post_of("---\nTitle: A\npubDate: 2026-05-01\nlastmod: 2026-06-01\nexcerpt: S\nredirect_from: /old\n---\n")
    assert (post.title, post.summary, post.aliases) == ("A", "S", ("/old/",))
    assert post.updated == dt.datetime(2026, 6, 1, tzinfo=dt.UTC)


def test_unknown_keys_are_kept() -> None:
    post = post_of("---\ntitle: A\ndate: 2026-05-01\nlayout: post\nweight: 3\n---\n")
    assert post.extra == {"layout": "post", "weight": 3}


def test_toml_is_a_header_too() -> None:
    post = post_of(
        '+++\ntitle = "A"\ndate = 2026-05-01T10:00:00Z\ndraft = true\n[taxonomies]\ntags = ["C++", "Go"]\n+++\nB'
    )
    assert (post.title, post.draft, [tag.slug for tag in post.tags]) == ("A", True, ["c-plus-plus", "go"])
    assert (post.source.body, post.source.body_line) == ("B", 8)


def test_bad_toml_is_named_with_its_line() -> None:
    page, (fault,) = read_page("posts/a.md", b'+++\ntitle = "A\n+++\n', RULES)
    assert page is None and fault.line == 2


@pytest.mark.parametrize(
    ("body", "title"), [("# One #\n\nText", "One"), ("One\n===\n", "One"), ("Note: text\n", "My first post")]
)
def test_without_a_header_the_title_is_the_heading_or_the_name(body: str, title: str) -> None:
    post = post_of(body, "posts/my-first_post.md")
    assert (post.title, post.source.body, post.source.body_line) == (title, body, 1)


def test_a_post_without_a_date_is_read_and_sorts_last() -> None:
    post = post_of("---\ntitle: A\n---\n")
    assert not post.dated and post.date.year == 1970


@pytest.mark.parametrize(
    "line", ["draft: perhaps", "draft: 'true'", "published: false", "status: draft", "unlisted: true", "hidden: maybe"]
)
def test_what_may_be_hidden_is_a_draft(line: str) -> None:
    assert post_of(f"---\ntitle: A\ndate: 2026-05-01\n{line}\n---\n").draft


@pytest.mark.parametrize("line", ["published: true", "published: 2026-05-01", "status: published", "unlisted: false"])
def test_what_is_shown_is_no_draft(line: str) -> None:
    assert not post_of(f"---\ntitle: A\ndate: 2026-05-01\n{line}\n---\n").draft


def test_tags_may_be_one_text() -> None:
    assert [tag.name for tag in post_of("---\ntags: a b, 3.10\n---\n").tags] == ["a b", "3.10"]


def test_a_field_that_means_nothing_is_a_warning() -> None:
    page, faults = read_page("posts/a.md", b"---\ntitle: A\ndate: 2026-05-01\nseries: x\n---\n", RULES)
    assert isinstance(page, Post) and page.part is None and [fault.warning for fault in faults] == [True]


@pytest.mark.parametrize("text", ["---\ntitle: A\n", "+++\ntitle = 'A'\n", "---\n- a\n---\n"])
def test_what_cannot_be_guessed_stays_an_error(text: str) -> None:
    assert read_page("posts/a.md", text.encode(), RULES)[0] is None


def test_a_page_keeps_fields_of_posts_in_extra() -> None:
    page, faults = read_page("about.md", b"---\ntitle: A\ndate: 2026-05-01\n---\n", RULES)
    assert isinstance(page, Page) and page.extra == {"date": "2026-05-01"} and not faults


HIDING = {
    "Jekyll": ["published: false"],
    "Hugo": [
        "expiryDate: 2020-01-01", "publishDate: 2099-01-01", "headless: true", "unpublishdate: 2020-01-01",
        "build: {render: never}", "_build: {render: link}", "build: {list: never}", "build: {render: false}",
    ],
    "Ghost": ["visibility: private", "visibility: members", "visibility: paid", "status: scheduled", "status: sent"],
    "Eleventy": ["permalink: false", "eleventyExcludeFromCollections: true"],
    "Pelican": ["status: skip", "status: draft", "status: hidden"],
    "Astro": ["isDraft: true", "is_draft: yes", "publish: false", "draft: 'true'"],
    "Zola": ["render: false"],
    "Grav": ["routable: false", "publish_date: 2099-01-01", "unpublish_date: 2020-01-01"],
    "Lektor": ["_hidden: yes", "_discoverable: no"],
    "Hexo": ["password: open sesame"],
    "in two spellings": ["draft: false\nDraft: true"],
    "not understood": [
        "status: seedling", "visibility: [a]", "isDraft: perhaps", "publishDate: soon", "expiryDate: {a: b}",
        "build: 3", "expires: 2099-01-01\nexpiryDate: 2020-01-01",
    ],
}  # fmt: skip


@pytest.mark.parametrize("line", [line for lines in HIDING.values() for line in lines])
@pytest.mark.parametrize("path", ["posts/a.md", "about.md"])
def test_what_other_generators_do_not_publish_is_hidden(line: str, path: str) -> None:
    page, faults = read_page(path, f"---\ntitle: A\ndate: 2019-01-01\n{line}\n---\nx\n".encode(), RULES)
    assert page and hidden_because(page, dt.datetime(2026, 1, 1, tzinfo=dt.UTC)), faults
    assert any(fault.warning for fault in faults) == (line in HIDING["not understood"])


@pytest.mark.parametrize(
    "line",
    ["visibility: public", "status: publish", "permalink: /old/", "build: {render: always}", "isDraft: false",
     "sitemap: false", "robots: noindex", "publishDate: 2020-01-01", "expiryDate:", "expiryDate: 2099-01-01",
     "expires: false"],
)  # fmt: skip
def test_what_other_generators_publish_is_shown(line: str) -> None:
    post = post_of(f"---\ntitle: A\ndate: 2019-01-01\n{line}\n---\nx\n")
    assert not hidden_because(post, dt.datetime(2026, 1, 1, tzinfo=dt.UTC))


@pytest.mark.parametrize("path", ["posts/_drafts/a.md", "_drafts/a.md", "posts/_a.md", "notes/_old/b/c.md"])
@pytest.mark.parametrize("lenient", [False, True])
def test_what_lies_in_a_folder_with_an_underscore_is_a_draft(path: str, lenient: bool) -> None:
    date = "date: 2019-01-01\n" if path.startswith("posts/") else ""
    page, faults = read_page(path, f"---\ntitle: A\n{date}---\nx\n".encode(), Rules(dt.UTC, lenient=lenient))
    assert page and page.draft and page.hidden_by.startswith("_"), faults


@pytest.mark.parametrize(
    "written",
    ["2016/05/03 12:00", "2016.5.3 12:00", "May 3, 2016 12:00", "3 May 2016 12:00", "Tue, 03 May 2016 12:00:00 +0000"],
)
def test_a_date_that_can_mean_one_day_only_is_read(written: str) -> None:
    post = post_of(f"---\ntitle: A\ndate: {written}\n---\n")
    assert (post.date, post.dated) == (dt.datetime(2016, 5, 3, 12, tzinfo=dt.UTC), True)


@pytest.mark.parametrize("written", ["2 Nov 24", "[2016]", "{made: 2016-05-03}", "soon", "13/13/2016"])
def test_a_post_whose_date_cannot_be_read_is_hidden_with_a_warning(written: str) -> None:
    page, faults = read_page("posts/a.md", f"---\ntitle: A\ndate: {written}\n---\n".encode(), RULES)
    assert page and page.draft and [fault.warning for fault in faults] == [True]


@pytest.mark.parametrize("written", ["0001-01-01T00:00:00Z", "1965-01-02"])
def test_a_day_before_all_others_is_no_date(written: str) -> None:
    post = post_of(f"---\ntitle: A\ndate: {written}\n---\n")
    assert (post.dated, post.draft) == (False, False)


def test_a_bad_date_is_made_good_by_the_files_name() -> None:
    post = post_of("---\ntitle: A\ndate: soon\n---\n", "posts/2016-05-03-a.md")
    assert (post.date.year, post.draft) == (2016, False)


@pytest.mark.parametrize(
    "text",
    [
        "\n---\ntitle: A\ndate: 2016-05-03\n---\nbody\n",
        " \n\n  ---\n  title: A\n  date: 2016-05-03\n  ---\nbody\n",
        "\n+++\ntitle = 'A'\ndate = 2016-05-03\n+++\nbody\n",
        "Title: A\nDate: 2016-05-03\n\nbody\n",
    ],
)
def test_a_header_that_begins_late_or_without_fences_is_read(text: str) -> None:
    post = post_of(text)
    body_line = text.split("\n").index("body") + 1
    assert (post.title, post.date.year, (post.source.body or "").strip()) == ("A", 2016, "body")
    blank_lines = len((post.source.body or "").split("body")[0].split("\n")) - 1
    assert post.source.body_line + blank_lines == body_line


def test_a_fault_in_a_header_that_begins_late_names_its_line() -> None:
    assert [
        fault.line
        for fault in read_page("posts/a.md", b"\n\n---\ntitle: A\ntoc: perhaps\ndate: 2016-05-03\n---\n", RULES)[1]
    ] == [5]
    assert [
        fault.line for fault in read_page("posts/a.md", b"title: A\ntoc: perhaps\ndate: 2016-05-03\n\nx", RULES)[1]
    ] == [2]


@pytest.mark.parametrize(
    "text",
    [
        '{\n"title": A"\n}\nx',
        ';;;\n"title": "A"\n',
        "~~~~toml\ntitle = 'A'\n",
        "----\ntitle: A\n",
    ],
)
def test_a_header_that_cannot_be_read_is_a_fault(text: str) -> None:
    page, faults = read_page("posts/a.md", text.encode(), RULES)
    assert page is None and "opens a header" in faults[0].sentence


@pytest.mark.parametrize(
    "text", ["\n---\n\nA rule above\n", "----\n\nx\n", "```yaml\n# c\n```\n", "Words: more\n", " ---\n\nx\n"]
)
def test_a_text_that_begins_with_a_rule_or_code_is_no_header(text: str) -> None:
    page, faults = read_page("posts/a.md", text.encode(), RULES)
    assert page and page.source.body == text, faults


@pytest.mark.parametrize("title", ["[a, b]", "'a\x07b'", '"a\\u0007b"', "{a: b}", '""'])
def test_a_title_that_cannot_be_one_comes_from_the_heading(title: str) -> None:
    post = post_of(f"---\ntitle: {title}\ndate: 2020-01-01\n---\n```sh\n# comment\n```\n\n# The heading {{#id}}\n")
    assert post.title in ("The heading", "ab")


def test_a_title_that_is_too_long_is_cut() -> None:
    post = post_of(f"---\ntitle: {'word ' * 80}\ndate: 2020-01-01\n---\n# The heading\n")
    assert post.title.startswith("word word") and len(post.title) <= 300


def test_a_key_that_comes_twice_is_a_warning_and_the_last_counts() -> None:
    page, faults = read_page("posts/a.md", b"---\ntitle: A\ntitle: B\ndate: 2020-01-01\n---\n", RULES)
    assert page and page.title == "B" and [fault.warning for fault in faults] == [True]


def test_two_forms_of_one_letter_are_one_tag() -> None:
    post = post_of("---\ntitle: A\ndate: 2020-01-01\ntags: [\u00dcber, U\u0308ber]\n---\n")
    assert [tag.name for tag in post.tags] == ["\u00dcber"]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("{created: 2016-05-03, updated: 2016-06-01}", "2016-05-03T00:00:00+00:00"),
        ("2016-05-03 18:00.000000000 +09:00", "2016-05-03T18:00:00+09:00"),
        ("2016-05", "2016-05-01T00:00:00+00:00"),
        ("May 3rd, 2016", "2016-05-03T00:00:00+00:00"),
        ("May 3, 2016 at 3:04 PM", "2016-05-03T15:04:00+00:00"),
        ("Tuesday, May 3, 2016", "2016-05-03T00:00:00+00:00"),
        ("2016-05-03 10:00:00 Europe/Berlin", "2016-05-03T10:00:00+02:00"),
        ("2016-05-03T10:00:00+02:00[Europe/Berlin]", "2016-05-03T10:00:00+02:00"),
        ("2016-05-03 10:00:00 EDT", "2016-05-03T10:00:00-04:00"),
        ("2016年5月3日", "2016-05-03T00:00:00+00:00"),
        ("03.05.2016", "2016-05-03T00:00:00+00:00"),
        ("31/05/2016", "2016-05-31T00:00:00+00:00"),
        ("1462269600", "2016-05-03T10:00:00+00:00"),
        ("Tue May 03 2016 10:00:00 GMT+0200 (CEST)", "2016-05-03T10:00:00+02:00"),
        ("2016-05-03 10:00:00 UTC+02:00", "2016-05-03T10:00:00+02:00"),
        ("2016-05-03 10:00 UTC-8", "2016-05-03T10:00:00-08:00"),
        ("2016-05-03 3:4:5", "2016-05-03T03:04:05+00:00"),
        ("2016-05-03 at 3pm", "2016-05-03T15:00:00+00:00"),
        ("03-May-2016", "2016-05-03T00:00:00+00:00"),
    ],
)
def test_dates_of_other_programs_are_read(written: str, expected: str) -> None:
    post = post_of(f"---\ntitle: A\ndate: {written}\n---\n")
    assert (post.date.isoformat(), post.dated, post.draft) == (expected, True, False)


def test_a_date_that_can_mean_two_days_shows_the_post_on_the_later_one() -> None:
    page, faults = read_page("posts/a.md", b"---\ntitle: A\ndate: 05/06/2016\n---\n", RULES)
    assert isinstance(page, Post) and [fault.warning for fault in faults] == [True]
    assert (page.date.date(), page.appears) == (dt.date(2016, 5, 6), dt.datetime(2016, 6, 5, tzinfo=dt.UTC))


@pytest.mark.parametrize(
    "path",
    ["2016-5-3-x", "20160503-x", "2016-05-03", "2016-05-03_x", "2016/05/03/x", "2016/2016-05-03/index", "2016/05-03-x"],
)
def test_a_day_in_the_path_is_the_date(path: str) -> None:
    post = post_of("---\ntitle: A\n---\n", f"posts/{path}.md")
    assert (post.date.date(), post.dated) == (dt.date(2016, 5, 3), True)


@pytest.mark.parametrize("path", ["2016-13-45-x", "20161345-x", "version-2016-05", "2016"])
def test_what_is_no_day_is_no_date(path: str) -> None:
    assert not post_of("---\ntitle: A\n---\n", f"posts/{path}.md").dated


def test_an_old_address_is_an_alias_and_gives_the_date() -> None:
    post = post_of("---\ntitle: A\npath: 2016/05/03/x\naliases: [/y, /posts/a/]\nredirect_from: /z\n---\n")
    assert (post.aliases, post.date.date()) == (("/y/", "/z/", "/2016/05/03/x/"), dt.date(2016, 5, 3))


@pytest.mark.parametrize("line", ["permalink: /:year/:title/", "url: https://e.org/a", "permalink: /tags/", "path: /"])
def test_what_is_no_address_of_a_post_is_no_alias(line: str) -> None:
    assert post_of(f"---\ntitle: A\n{line}\n---\n").aliases == ()


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        ("tags: a b c\nlayout: post", ["a", "b", "c"]),
        ("tags: a b, c", ["a b", "c"]),
        ("tags: a b; c", ["a b", "c"]),
        ("categories: [x]\ntags: [a, b]", ["a", "b", "x"]),
        ("category: Python 3\nlayout: post", ["Python 3"]),
        ("tag: Python 3\nlayout: post", ["Python 3"]),
        ("tags: [[a, b], c]", ["a", "b", "c"]),
        ("tags: [{name: a}, {title: b}]", ["a", "b"]),
        ("tags: [Go]\ncategories: go", ["Go"]),
        ('tags: ["#a", "#b/c", C#]', ["a", "b/c", "C#"]),
    ],
)
def test_tags_of_other_generators_are_read(lines: str, names: list[str]) -> None:
    assert [tag.name for tag in post_of(f"---\ntitle: A\ndate: 2016-05-03\n{lines}\n---\n").tags] == names


@pytest.mark.parametrize(
    "header", ["title:A\ndate:2016-05-03", "title: A\n  date: 2016-05-03", "title: A\n\tb: c\ndate:\t2016-05-03"]
)
def test_a_header_with_spaces_in_wrong_places_is_read(header: str) -> None:
    post = post_of(f"---\n{header}\n---\n")
    assert (post.title, post.date.date()) == ("A", dt.date(2016, 5, 3))


def test_a_folder_of_drafts_needs_no_underscore() -> None:
    post = post_of("---\ntitle: A\ndate: 2016-05-03\n---\n", "posts/drafts/a.md")
    assert (post.draft, post.hidden_by) == (True, "drafts/")


def test_other_forms_of_fields_are_read() -> None:
    post = post_of(
        "---\ntitle: A\nslug: /Hello World\nid: 660\nauthors: [{name: Ada}, {name: Bob}]\n"
        "series: [S]\nseries_order: 2\ncover: {image: x.png, caption: C}\ndescription: " + "x " * 700 + "\n---\n"
    )
    assert (post.slug, post.id, post.authors, post.extra["id"]) == ("hello-world", "", ("Ada", "Bob"), 660)
    assert post.part and (post.part.series, post.part.number) == ("S", 2)
    assert post.cover == Cover("x.png", "C") and 900 < len(post.description) <= 1000


def test_translations_and_a_page_of_the_section_have_places_of_their_own() -> None:
    assert post_of("---\ntitle: A\n---\n", "posts/a/index.de.md").slug == "a.de"
    assert post_of("---\ntitle: A\n---\n", "posts/index.md").hidden_by == "posts/index.md"


@pytest.mark.parametrize("written", ["Ada ([@ada](https://e.org))", "[Ada](https://e.org)", "<a href='x'>Ada</a>"])
def test_an_authors_name_is_plain(written: str) -> None:
    assert post_of(f'---\ntitle: A\ndate: 2020-01-01\nauthor: "{written}"\n---\n').authors == ("Ada",)


def test_a_title_from_a_heading_is_plain() -> None:
    assert post_of("```sh\n# no\n```\n\n# [L](u) `c` **b** {#id}\n").title == "L c b"


NEVER_CLOSED = [
    "<!-- a -->\n", "# a\n", "\n", "---", "--- ", "``` ", "`", "a ", "%  ", "<!-- ", "{ ", "- ",
    "a: b\n", "title: x\n", "  a: [\n", "# a  ", "# *a ", "*a ", "a: 'b' {c ", "export const a = {\n} ",
]  # fmt: skip


@pytest.mark.parametrize("start", ["", "# a", "a", "---", "title: x\n", "---\ntitle: x\n", "<!--", "% ", "# `"])
@pytest.mark.parametrize("piece", NEVER_CLOSED)
def test_no_header_takes_more_than_its_share_of_time(start: str, piece: str) -> None:
    assert is_linear(lambda text: read_page("posts/a.md", f"{start}{text}!".encode(), RULES), piece, 8_000)


@pytest.mark.parametrize(("name", "day"), [("16-5-3-a", "2016-05-03"), ("98-12-01-a", "1998-12-01")])
def test_a_year_of_two_digits_is_read_as_ruby_reads_it(name: str, day: str) -> None:
    post, _ = read_page(f"posts/{name}.md", b"---\nlayout: post\n---\nx", RULES)
    assert isinstance(post, Post) and (post.date.date().isoformat(), post.title) == (day, "A")


@pytest.mark.parametrize("name", ["16-5-a", "1-2-3-a", "99-13-01-a", "10-20-30-a"])
def test_numbers_before_a_name_are_no_day_where_none_is_meant(name: str) -> None:
    _, faults = read_page(f"posts/{name}.md", b"---\ntitle: A\n---\nx", RULES)
    assert any("no date" in fault.sentence for fault in faults)
