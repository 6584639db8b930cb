"""What becomes of a file: a Post, a Page, or faults with their places."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from time import process_time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trigpoint.content.pages import Cover, Page, Post, Rules, Tag
from trigpoint.content.read_page import read_page
from trigpoint.faults import Fault

BERLIN = ZoneInfo("Europe/Berlin")
GRPC = Tag("grpc", "gRPC", "Remote procedure calls.", ("g-rpc",))
GO = Tag("go", "Go")
RULES = Rules(zone=BERLIN, registry=(GRPC, GO))
BAD = Path(__file__).parent.parent / "pages_bad"
CASES = sorted(BAD.glob("*.md"))


def file_with(*fields: str, body: str = "Text.\n") -> bytes:
    """A file with these lines in its header."""
    return ("---\n" + "".join(f"{line}\n" for line in fields) + "---\n" + body).encode()


def post_with(*fields: str, body: str = "Text.\n", path: str = "posts/a.md", rules: Rules = RULES) -> Post:
    """The post with these fields below a title and a date; it has no errors."""
    page, faults = read_page(path, file_with("title: A title", "date: 2026-05-01", *fields, body=body), rules)
    assert isinstance(page, Post), faults
    return page


def faults_of(*fields: str, path: str = "posts/a.md", rules: Rules = RULES) -> tuple[Fault, ...]:
    return read_page(path, file_with("title: A title", "date: 2026-05-01", *fields), rules)[1]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_each_mistake_has_its_message(case: Path) -> None:
    page, faults = read_page(f"posts/{case.name}", case.read_bytes(), RULES)
    told = "".join(f"{fault}\n" for fault in faults)
    assert told == case.with_suffix(".expected").read_text(encoding="utf-8")
    assert (page is None) == any(not fault.warning for fault in faults)


def test_each_message_has_a_cure() -> None:
    for case in CASES:
        for fault in read_page(case.name, case.read_bytes(), RULES)[1]:
            assert fault.cure.strip(), fault


def test_every_expected_message_has_its_mistake() -> None:
    assert {case.stem for case in CASES} == {case.stem for case in BAD.glob("*.expected")}


def test_a_post_has_all_that_its_header_says() -> None:
    post = post_with(
        "updated: 2026-06-01",
        "tags: [GRPC, Go]",
        "summary: Short.",
        "description: Longer.",
        "slug: other",
        "aliases: [/old, b.html]",
        "draft: yes",
        "expires: 2027-01-01",
        "series: {name: My Series, part: 2}",
        "cover: {image: a.png, alt: A cat}",
        "authors: [Ada, Bob]",
        "lang: en-GB",
        "id: tag:x,2020:a",
        "toc: no",
        "extra: {level: 3, open: yes, since: 2020-01-01, list: [1.5, ~]}",
    )
    assert (post.title, post.slug, post.address) == ("A title", "other", "/posts/other/")
    assert post.date == dt.datetime(2026, 5, 1, tzinfo=BERLIN)
    assert post.updated == dt.datetime(2026, 6, 1, tzinfo=BERLIN)
    assert post.tags == (GRPC, GO)
    assert (post.summary, post.description) == ("Short.", "Longer.")
    assert post.aliases == ("/old/", "/b.html")
    assert (post.draft, post.toc) == (True, False)
    assert post.part is not None and (post.part.series, post.part.slug, post.part.number) == (
        "My Series",
        "my-series",
        2,
    )
    assert post.cover == Cover("a.png", "A cat")
    assert (post.authors, post.lang, post.id) == (("Ada", "Bob"), "en-GB", "tag:x,2020:a")
    assert post.extra == {"level": 3, "open": True, "since": "2020-01-01", "list": [1.5, None]}


def test_a_date_may_come_from_the_files_name() -> None:
    page, faults = read_page("posts/2024-05-01-a-b.md", file_with("title: A"), RULES)
    assert isinstance(page, Post) and not faults
    assert (page.date.date(), page.slug) == (dt.date(2024, 5, 1), "a-b")


def test_an_impossible_date_in_the_files_name_is_named() -> None:
    page, faults = read_page("posts/2024-02-31-a.md", file_with("title: A"), RULES)
    assert page is None and "February 2024 has 29 days" in str(faults[0])


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("about.md", "/about/"),
        ("docs/index.md", "/docs/"),
        ("docs/My Page?.md", "/docs/my-page/"),
        ("C++/100%.md", "/c-plus-plus/100/"),
        ("v1.2.md", "/v1.2/"),
        ("café.md", "/café/"),
        ("postscript/x.md", "/postscript/x/"),
    ],
)
def test_a_page_stands_where_its_file_lies(path: str, address: str) -> None:
    page, faults = read_page(path, file_with("title: A"), RULES)
    assert isinstance(page, Page) and not isinstance(page, Post) and not faults
    assert page.address == address


@pytest.mark.parametrize(
    "path",
    [
        *("index.md", "tags.md", "tags/x.md", "archive.md", "page/2.md", "series.md", "static/a.md"),
        *("search.md", "404.md", "posts.md", "feed.xml.md"),
    ],
)
def test_a_page_does_not_take_an_address_of_the_site(path: str) -> None:
    page, (fault,) = read_page(path, file_with("title: A"), RULES)
    assert page is None and "which the site needs itself" in fault.sentence


@pytest.mark.parametrize(
    ("path", "slug"),
    [
        ("posts/a.md", "a"),
        ("posts/x/index.md", "x"),
        ("posts/2024-01-02-x/index.md", "x"),
        ("posts/2024/deep.md", "deep"),
        ("posts/Hello World.md", "hello-world"),
        ("posts/snake_case.markdown", "snake_case"),
        ("posts/cafe\u0301.md", "café"),
        ("posts/CON.md", "x-con"),
        ("posts/日本語.md", "日本語"),
    ],
)
def test_a_posts_slug_is_its_files_name(path: str, slug: str) -> None:
    assert post_with(path=path).slug == slug


def test_the_folder_of_posts_is_no_post() -> None:
    assert "place of the list" in faults_of(path="posts/index.md")[0].sentence


def test_a_page_has_no_fields_of_posts() -> None:
    assert [fault.line for fault in faults_of("tags: [Go]", path="about.md")] == [3, 4]


def test_the_body_keeps_its_lines() -> None:
    post = post_with("toc: true", body="\n\nText.\n")
    assert (post.source.body, post.source.body_line) == ("\n\nText.\n", 6)
    assert post.source.header == "title: A title\ndate: 2026-05-01\ntoc: true\n"


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_line_endings_and_byte_order_mark_do_not_matter(newline: str) -> None:
    text = file_with("title: A title", "date: 2026-05-01", body="One\ntwo").decode().replace("\n", newline)
    page, faults = read_page("posts/a.md", b"\xef\xbb\xbf" + text.encode(), RULES)
    assert page is not None and not faults
    assert page.source.body == "One\ntwo"


def test_a_header_may_close_with_dots() -> None:
    page, faults = read_page("posts/a.md", b"---\ntitle: A\ndate: 2026-05-01\n...\nText.", RULES)
    assert page is not None and not faults and page.source.body == "Text."


def test_lines_that_only_unicode_breaks_are_not_counted() -> None:
    page, faults = read_page("posts/a.md", file_with("title: A\u2028B\x85C", "date: 2026-05-01", "tgas: []"), RULES)
    assert page is None and [str(fault)[:21] for fault in faults] == ["pages/posts/a.md:4:1:"]


def test_a_title_of_those_breaks_is_one_line() -> None:
    page, _ = read_page("posts/a.md", file_with("title: A\u2028B\x85C", "date: 2026-05-01"), RULES)
    assert page is not None and page.title == "A B C"


@pytest.mark.parametrize("written", ["2024", "3.10", "2026-05-01", "yes", "<script>", "{{ 7*7 }}x"])
def test_a_title_is_what_was_written(written: str) -> None:
    quoted = written if "{" not in written else f'"{written}"'
    page, faults = read_page("posts/a.md", file_with(f"title: {quoted}", "date: 2026-05-01"), RULES)
    assert page is not None and page.title == written and not faults


def test_a_missing_summary_is_cut_at_a_word() -> None:
    post = post_with(body="\nword " * 100)
    assert post.summary.endswith("word…") and 270 < len(post.summary) <= 280
    assert post.description == post.summary


def test_minutes_are_counted_by_the_rules() -> None:
    assert post_with(body="word " * 1000, rules=Rules(zone=BERLIN, words_per_minute=100)).minutes == 10
    assert post_with(body="").minutes == 1


def test_an_open_registry_takes_any_tag() -> None:
    post = post_with("tags: [C++, C, 日本語, gRPC]", rules=Rules(BERLIN, (GRPC,), tags_open=True))
    assert [(tag.slug, tag.name) for tag in post.tags] == [
        ("c-plus-plus", "C++"),
        ("c", "C"),
        ("日本語", "日本語"),
        ("grpc", "gRPC"),
    ]


def test_a_tag_that_comes_twice_is_kept_once() -> None:
    assert post_with("tags: [gRPC, g-rpc]").tags == (GRPC,)


def test_a_digest_is_of_what_lists_show() -> None:
    post = post_with("summary: S")
    assert post.digest == post_with("summary: S", body="Text!\n").digest
    assert post.digest != post_with("summary: T", "description: S").digest
    assert post.digest != post_with("summary: S", "extra: {a: 1}").digest


def test_a_conflict_that_an_article_shows_is_no_conflict() -> None:
    body = "```\n<<<<<<< HEAD\na\n=======\nb\n>>>>>>> x\n```\n"
    assert read_page("posts/a.md", file_with("title: A", "date: 2026-05-01", body=body), RULES)[1] == ()


def test_a_name_that_no_address_can_have_is_refused() -> None:
    page, (fault,) = read_page("posts/a\nb\udcff.md", file_with("title: A"), RULES)
    assert page is None
    assert str(fault).encode().startswith(b"pages/posts/a\\nb\\udcff.md: ")


@pytest.mark.parametrize("lenient", [False, True])
@given(
    raw=st.binary(max_size=200)
    | st.text(max_size=200).map(lambda text: b"---\n" + text.encode(errors="replace") + b"\n---\n")
)
def test_no_bytes_raise(lenient: bool, raw: bytes) -> None:
    for path in ("posts/a.md", "about.md"):
        page, faults = read_page(path, raw, Rules(BERLIN, (GRPC,), lenient=lenient))
        assert (page is None) == any(not fault.warning for fault in faults)


VALUES = """a ' " [ ] {a:\x20b} [a,\x203.1] 2026-05-01 24:00 yes ~ :\x20x &a *a !t | \\t # "\\0" """
NAMES = "title date updated tags summary slug aliases draft expires series cover author authors lang id toc extra x"
FIELDS = st.tuples(st.sampled_from(NAMES.split()), st.lists(st.sampled_from(VALUES.split(" ")), max_size=3))


@pytest.mark.parametrize("lenient", [False, True])
@given(st.lists(FIELDS, max_size=8))
def test_no_header_raises(lenient: bool, fields: list[tuple[str, list[str]]]) -> None:
    lines = [f"{name}: {' '.join(values)}" for name, values in fields]
    page, faults = read_page("posts/a.md", file_with(*lines), Rules(BERLIN, (GRPC,), lenient=lenient))
    assert (page is None) == any(not fault.warning for fault in faults)
    assert all(0 <= fault.line <= len(lines) + 2 for fault in faults)


@pytest.mark.parametrize(
    "header",
    [
        "a: b\n" * 200_000,
        "".join(f"k{n}: v\n" for n in range(20_000)),
        "a: " + "[" * 3_000,
        "a: " + "{a: " * 3_000,
        "- " * 20_000,
        "- [\n" * 15_000,
        '- "\n' * 15_000,
        'a: ["' + '\\"' * 30_000,
        "a: x" + " " * 60_000 + "#",
        "a:" + " " * 60_000 + "b: c: d",
        "a: &a [x]\n" + "".join(f"{n}: &n{n} [*a, *a, *a]\n" for n in range(900)),
    ],
    ids=lambda header: header[:12].strip() + str(len(header)),
)
@pytest.mark.parametrize("lenient", [False, True])
def test_no_header_takes_long(header: str, lenient: bool) -> None:
    began = process_time()
    page, faults = read_page("posts/a.md", f"---\n{header}\n---\n".encode(), Rules(BERLIN, lenient=lenient))
    assert process_time() - began < 3  # What grows with the square of these takes a minute.
    assert (page is None or lenient) and 0 < len(faults) <= 600


@pytest.mark.parametrize(
    ("path", "lines"),
    [
        ("posts/hello.de.md", "`lang: de` and `translation_of: hello.md`"),
        ("posts/hello/index.pt-BR.md", "`lang: pt-BR` and `translation_of: index.md`"),
        ("about.fr.md", "`lang: fr`"),
    ],
)
def test_a_name_that_looks_like_a_translation_is_warned_of(path: str, lines: str) -> None:
    (fault,) = (each for each in faults_of(path=path) if each.kind == "file-language")
    assert fault.warning
    assert fault.cure == f"Write {lines} if it is one, else a `slug:`."
    for line in ("lang: de", "slug: hallo"):
        assert "file-language" not in [each.kind for each in faults_of(line, path=path)]


@pytest.mark.parametrize("path", ["posts/node.js.md", "posts/de.md", "posts/v1.2.md", "posts/x.de-.md"])
def test_another_name_with_a_dot_is_none(path: str) -> None:
    assert faults_of(path=path) == ()
