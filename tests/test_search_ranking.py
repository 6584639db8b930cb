"""What the search finds: the script that ships answers the table of queries in a real Chromium, all in one page load.

Words are cut and folded by the index in Python, and by the script for a query: both must do it alike.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from itertools import product
from typing import Any
from unicodedata import category

import pytest
from playwright.sync_api import Browser

from tests.conftest import ROOT, SiteWith, SmallSite, post_text
from tests.test_browser import Visit, serving
from trigpoint.search import index
from trigpoint.search.tokens import path_of, words

pytestmark = pytest.mark.browser

TABLE: dict[str, Any] = tomllib.loads((ROOT / "tests/search_queries.toml").read_text())
TEXTS = [
    "Zoë Müller", "STRASSE Straße", "ΟΔΟΣ οδός", "ﬁle №5 ½", "İstanbul ıI", "東京都 a日b が", "한국어 검색", "हिन्दी",
    "C++17, C# and F# of .NET; ASP.NET, example.network, i++, abc#d", "жC++", "éc#",
    "x" * 31, "12345 1234 ١٢٣٤٥", "snake_case don't", "", "a", "𠀀𠀁𠀂", "𝒳y", "🙂a",
]  # fmt: skip


def site_of_the_table(site_with: SiteWith) -> SmallSite:
    posts = {
        slug: post_text(post["title"], post["date"], post["body"], tags=post["tags"])
        for slug, post in TABLE["posts"].items()
    }
    return site_with(posts, settings='\ntags = "open"\n')


@pytest.fixture
def visit(browser: Browser, site_with: SiteWith) -> Iterator[Visit]:
    with serving(site_of_the_table(site_with).app) as address, opened(browser, address) as visit:
        yield visit


def opened(browser: Browser, address: str) -> Visit:
    visit = Visit(browser, address)
    visit.page.goto(address)
    return visit


def asked(visit: Visit, function: str, argument: object = None) -> Any:
    """What a function of JavaScript gives, which is called with what the search's script exports and an argument."""
    script = "document.querySelector('[data-search]').dataset.search"
    given = visit.page.evaluate(f"async (argument) => ({function})(await import({script}), argument)", argument)
    assert visit.complaints == []
    return given


def found(visit: Visit, typed: list[str]) -> list[tuple[list[str], int]]:
    """For each query the slugs of the posts, best first, and how many of them have all its words."""
    answers = asked(
        visit,
        """async ({ answer }, typed) => {
          const answers = [];
          for (const text of typed) answers.push(await answer(text));
          const slugs = (posts) => posts.map(([address]) => address.replace("posts/", ""));
          return answers.map(({ posts, whole }) => [whole == null ? [] : slugs(posts), whole ?? 0]);
        }""",
        typed,
    )
    return [(slugs, whole) for slugs, whole in answers]


def misses(visit: Visit) -> list[str]:
    """The queries of the table whose answers are not as expected."""
    missed = []
    answers = found(visit, [query["typed"] for query in TABLE["queries"]])
    for query, (slugs, whole) in zip(TABLE["queries"], answers, strict=True):
        first = query["first"]
        as_expected = slugs[: len(first)] == first if first else not slugs
        among = set(slugs) <= set(query.get("only_among", slugs))
        if not as_expected or not among or (bool(slugs) and (whole == 0) != query.get("partly", False)):
            missed.append(f"{query['typed']!r}: {slugs[:4]} ({whole} with all words), not {first}")
    return missed


def test_every_query_of_the_table_finds_what_it_should(visit: Visit) -> None:
    missed = misses(visit)
    assert not missed, "\n".join(missed)


def test_wherever_shards_are_split_the_table_holds(
    browser: Browser, site_with: SiteWith, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "LARGEST", 300)
    with serving(site_of_the_table(site_with).app) as address, opened(browser, address) as visit:
        missed = misses(visit)
    assert not missed, "\n".join(missed)


def test_a_phrase_is_found_wherever_it_stands(browser: Browser, site_with: SiteWith) -> None:
    """However many posts with its words are better; the words alone do not make a phrase."""
    posts = {f"p{n}": post_text(f"Once {n}", f"2026-01-{n + 1:02}", "Once we know exactly.") for n in range(30)}
    posts["old"] = post_text("Old", "2020-01-01", "It came exactly once. It was a kestrel, and said so at some length.")
    with serving(site_with(posts).app) as address, opened(browser, address) as visit:
        answers = found(visit, ['"exactly once"', '"came exactly" once', '"once exactly"'])
    assert answers == [(["old"], 1), (["old"], 1), ([], 0)]


def test_words_that_stand_together_in_a_title_or_a_heading_come_first(browser: Browser, site_with: SiteWith) -> None:
    """Also while the last is being typed. Elsewhere, apart, or in another order they are two words."""
    often = "Exactly. Once. " * 9
    posts = {
        "title": post_text("Exactly once", "2020-01-01", "Text."),
        "heading": post_text("A", "2020-01-02", "Text.\n\n## Exactly once ends here\n\nText."),
        "apart": post_text("Once exactly", "2020-01-03", f"{often}\n\n## Exactly\n\n## Once\n\nText."),
        "text": post_text("B", "2020-01-04", f"Exactly once. {often}"),
    }
    with serving(site_with(posts).app) as address, opened(browser, address) as visit:
        answers = found(visit, ["exactly once", "exactly on", "exactly once ", "once exactly"])
    assert [slugs[:2] for slugs, _ in answers[:3]] == [["title", "heading"]] * 3
    assert answers[3][0][0] == "apart"


def test_a_tag_goes_by_each_of_its_names(browser: Browser, site_with: SiteWith) -> None:
    """A name with a space in it cannot stand behind `tag:`; its slug can. A mistake in a tag is forgiven."""
    posts = {"a": post_text("A", tags="[Kubernetes]"), "b": post_text("B", tags="[C++]"), "c": post_text("C")}
    tags = '[kubernetes]\nname = "Kubernetes"\naliases = ["k8s"]\n\n[cpp]\nname = "C++"\n'
    named_a = ("tag:k8s", "tag:kubernetes", "tag:Kubernetes", "tag:kubernets", "-tag:c++ tag:k8s")
    wanted: dict[str, set[str]] = {
        **{typed: {"a"} for typed in named_a},
        "tag:c++": {"b"},
        "tag:cpp": {"b"},
        "-tag:k8s": {"b", "c"},
        "tag:k": set(),
    }
    with serving(site_with(posts, tags=tags).app) as address, opened(browser, address) as visit:
        answers = found(visit, list(wanted))
    assert {typed: set(slugs) for typed, (slugs, _) in zip(wanted, answers, strict=True)} == wanted


def test_an_empty_blog_is_searched(browser: Browser, site_with: SiteWith) -> None:
    with serving(site_with().app) as address, opened(browser, address) as visit:
        assert found(visit, ["", "go", "tag:go", '"a b"']) == [([], 0)] * 4


def test_a_query_is_understood(visit: Visit) -> None:
    """A word is unfinished until something follows it, and from four letters on; a hyphen within a word is no minus."""
    typed = ["go ap", "go ap ", 'go "ap"', "write-ahead", "--verify", '-"a b" "c d"']
    parsed = asked(visit, "({ parse }, typed) => typed.map(parse)", typed)
    terms = [[(term["word"], bool(term["begins"])) for term in query["terms"]] for query in parsed]
    assert terms == [
        [("go", False), ("ap", True)],
        [("go", False), ("ap", False)],
        [("go", False), ("ap", False)],
        [("write", True), ("ahead", True)],
        [("verify", True)],
        [("c", False), ("d", False)],
    ]
    assert [[term["word"] for term in query["unwanted"]] for query in parsed] == [[], [], [], [], [], ["a", "b"]]
    assert [query["phrases"] for query in parsed] == [[], [], [], [], [], [" c d "]]


def test_a_huge_query_is_cut(visit: Visit) -> None:
    (query,) = asked(visit, "({ parse }, typed) => typed.map(parse)", [" ".join(f"w{n}" for n in range(5000))])
    assert len(query["terms"]) == 10


def reference(typed: str, word: str) -> list[int]:
    """The textbook's optimal string alignment, with a whole matrix: of the word, and the least of its beginnings."""
    table = {(at, 0): at for at in range(len(typed) + 1)} | {(0, at): at for at in range(len(word) + 1)}
    for i, j in product(range(1, len(typed) + 1), range(1, len(word) + 1)):
        same = typed[i - 1] == word[j - 1]
        table[i, j] = min(table[i - 1, j] + 1, table[i, j - 1] + 1, table[i - 1, j - 1] + (not same))
        if i > 1 and j > 1 and typed[i - 1] == word[j - 2] and typed[i - 2] == word[j - 1]:
            table[i, j] = min(table[i, j], table[i - 2, j - 2] + 1)
    return [table[len(typed), len(word)], min(table[len(typed), n] for n in range(len(word) + 1))]


def test_the_distance_is_that_of_the_textbook(visit: Visit) -> None:
    """For every two words of up to four letters, of three letters."""
    some = ["".join(letters) for size in range(5) for letters in product("abc", repeat=size)]
    pairs = [("kubernetes", "kuberentes"), *product(some, some)]
    there = asked(visit, "({ distance }, pairs) => pairs.map(([one, other]) => distance([...one], [...other]))", pairs)
    assert there == [reference(*pair) for pair in pairs]


def test_a_query_is_cut_into_words_as_an_article_is(visit: Visit) -> None:
    assert asked(visit, "({ words }, texts) => texts.map(words)", TEXTS) == [words(text) for text in TEXTS]


def test_every_letter_of_unicode_is_folded_as_in_the_index(visit: Visit) -> None:
    """Each that Python knows, for the browser may know of a newer Unicode; and looked up in the same shard."""
    letters = [chr(point) for point in range(0x20, 0x110000) if category(chr(point))[0] in "LNM"]
    fold = """({ words, path }, letters) => JSON.stringify(
      [...letters].map((letter) => words(`a ${letter} ${letter}b`).map((word) => [word, path(word)])))"""
    there = json.loads(asked(visit, fold, "".join(letters)))  # Playwright takes half a minute for so many values.
    for letter, folded in zip(letters, there, strict=True):
        here = [[word, path_of(word)] for word in words(f"a {letter} {letter}b")]
        assert here == folded, f"U+{ord(letter):04X}"


LONG = " ".join(f"w{n}" for n in range(60))
SECTIONS = [
    ["", "", f"Of queues. {LONG}"],
    ["two", "Queues & latency", "It grows."],
    ["three", "", "複旧は復旧、復旧"],
    ["four", "In Go", "A channel.", "queue := make(chan Order) // w3 of queues"],
    ["five", "Bounds", "Bounded queues lose orders, queues without a bound lose time."],
    ["six", "Later", "More queues."],
]


@pytest.mark.parametrize(
    ("hits", "wanted"),
    [
        (["queues"], [("Queues & latency", "It grows."), ("", "Of queues. w0"), ("Bounds", "Bounded queues lose")]),
        (
            ["queues", "w3"],
            [("", "Of queues. w0 w1 w2 w3"), ("Queues & latency", "It"), ("In Go", "queue := make(chan")],
        ),
        (["w30"], [("", "… w25 w26 w27 w28 w29 w30 w31")]),
        (["復旧"], [("", "複旧は復旧、復旧")]),
        (["chan", "order"], [("In Go", "queue := make(chan Order)")]),
        (["channel", "chan"], [("In Go", "A channel.")]),
        (["bounded", "time", "queues"], [("Bounds", "Bounded"), ("Queues & latency", "It grows.")]),
        (["nowhere"], [("", "Of queues. w0")]),
    ],
)
def test_sections_with_most_of_the_words_are_shown(
    visit: Visit, hits: list[str], wanted: list[tuple[str, str]]
) -> None:
    """Three at most, best first: a word in a heading counts for more, one in code for less. Those with fewer than half
    of the words are left out; where there is none, the beginning is shown."""
    snippets = "({ snippets }, [sections, hits]) => snippets(sections, new Map(hits.map((hit) => [hit, hit])))"
    shown = asked(visit, snippets, [SECTIONS, hits])
    assert [each["section"] for each in shown] == [heading for heading, _ in wanted]
    for each, (_, begins) in zip(shown, wanted, strict=True):
        assert each["said"].startswith(begins)
        assert each["kind"] == ("code" if each["section"] == "In Go" and "channel" not in hits else "text")
        assert len(each["said"].split()) <= 30


def test_years_narrow_a_search(browser: Browser, site_with: SiteWith) -> None:
    """A page and a post without a date are of no year; the first figures of a year are enough."""
    days = {"old": "2019-12-31", "a": "2024-03-01", "b": "2024-05-01", "new": "2026-01-01"}
    posts = {slug: post_text(f"Post {slug}", day, "Kestrel.", tags="[Go]") for slug, day in days.items()}
    small = site_with(posts, {"about.md": "---\ntitle: About\n---\n\nKestrel.\n"})
    wanted = {
        "kestrel": ["new", "b", "a", "old", "about"],
        "year:2024": ["b", "a"],
        "kestrel year:202": ["new", "b", "a"],
        "-year:2024 kestrel": ["new", "old", "about"],
        "tag:go year:2019": ["old"],
        "year:1999": [],
        "year:=": [],
    }
    with serving(small.app) as address, opened(browser, address) as visit:
        answers = found(visit, list(wanted))
        newest = asked(visit, "async ({ answer }) => (await answer('')).posts.map((post) => post[0])")
    assert {typed: slugs for typed, (slugs, _) in zip(wanted, answers, strict=True)} == wanted
    assert newest == ["posts/new", "posts/b", "posts/a", "posts/old"], "no page"
