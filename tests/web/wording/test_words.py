"""The words of a site and of its articles, as readers see them."""

from __future__ import annotations

import datetime as dt
import re
from html import unescape
from pathlib import Path

import pytest

from tests.conftest import SiteWith, freeze_all, post_text, tree
from tests.web.wording.test_tables import TABLES, Visible
from trigpoint.web.wording.tables import Entries, read_entries
from trigpoint.web.wording.words import Words, tables_of

BODY = """\
Der Anfang[^1].

## Überschrift

> [!NOTE]
> Innen.

- [ ] offen
- [x] getan

| Spalte | Wert |
|---|---|
| eins | zwei |

```python
x = 1
```

[^1]: Fußtext.
"""
DAY = dt.date(2026, 11, 29)


def words_of(language: str) -> Words:
    table = next(path for path in TABLES if path.stem == language)
    return Words(language, read_entries(table.read_text())[0])


@pytest.mark.parametrize(
    ("language", "day", "short"),
    [
        ("de", "29. November 2026", "29. Nov."),
        ("fr", "29 novembre 2026", "29 nov."),
        ("es", "29 de noviembre de 2026", "29 nov"),
        ("pt", "29 de novembro de 2026", "29 de nov."),
        ("ja", "2026年11月29日", "11月29日"),
        ("zh-Hans", "2026年11月29日", "11月29日"),
        ("ar", "29 نوفمبر 2026", "29 نوفمبر"),
    ],
)
def test_a_day_is_written_as_the_language_writes_it(language: str, day: str, short: str) -> None:
    assert (words_of(language).day(DAY), words_of(language).day_in_year(DAY)) == (day, short)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("de", ["0 Artikel", "1 Artikel", "2 Artikel"]),
        ("fr", ["0 article", "1 article", "2 articles"]),
        ("ar", ["لا مقالات", "مقال واحد", "مقالان"]),
    ],
)
def test_a_number_chooses_the_form(language: str, told: list[str]) -> None:
    words = words_of(language)
    assert [words.plain("{count} article", "{count} articles", count=count) for count in (0, 1, 2)] == told
    assert [Words().plain("{count} article", "{count} articles", count=n) for n in (1, 2)] == [
        "1 article",
        "2 articles",
    ]


def test_values_are_escaped_and_are_no_places_themselves() -> None:
    words = Words("de", Entries({"{a} [b](c) {d}": "<{d}> [B](c) {a}"}))
    assert words("{a} [b](c) {d}", a="<{d}>", c='"/', d=1) == '&lt;1&gt; <a href="&#34;/">B</a> &lt;{d}&gt;'


@pytest.mark.parametrize(
    ("language", "tables"),
    [
        ("de-at", "de de-AT"), ("zh", "zh zh-Hans"), ("zh-TW", "zh zh-Hant zh-TW"), ("zh-CN", "zh zh-Hans zh-CN"),
        ("zh-Hant-HK", "zh zh-Hant zh-Hant-HK"), ("EN", "en"),
    ],
)  # fmt: skip
def test_a_language_has_the_tables_of_what_it_is_a_kind_of(language: str, tables: str) -> None:
    assert " ".join(tables_of(language)) == tables


def visible(html: str) -> list[str]:
    parser = Visible()
    parser.feed(re.sub(r"<(script|style|code)\b.*?</\1>", "", html, flags=re.S))
    return [text.strip() for text in parser.texts if text.strip()]


def english_words() -> set[str]:
    """The words of the English interface that are none of the German one."""
    entries = words_of("de").entries
    german = re.findall(r"\w+", " ".join(map(str, [*entries.pages.values(), *entries.scripts.values()])))
    english = re.findall(r"\w+", re.sub(r"\{\w+\}|\]\(\w+\)", " ", " ".join([*entries.pages, *entries.scripts])))
    return {word.casefold() for word in english} - {word.casefold() for word in german} - {"blog", "theme"}


@pytest.mark.parametrize(
    "address", ["/", "/posts/zwei/", "/tags/go/", "/tags/", "/archive/", "/series/", "/series/reihe/", "/search/",
                "/404.html", "/alt/", "/wir/", "/page/1/"]
)  # fmt: skip
def test_a_german_site_shows_no_english_word(
    site_with: SiteWith, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("BLOG_LANGUAGE", "de")
    monkeypatch.setenv("BLOG_TITLE", "Feldbuch")
    monkeypatch.setenv("BLOG_DESCRIPTION", "Prüfstand.")
    monkeypatch.setenv("BLOG_AUTHOR", "Ada Prüfer")
    monkeypatch.setenv("BLOG_HEADING", "Feldbuch")
    monkeypatch.setenv("BLOG_KICKER", "Notizen")
    monkeypatch.setenv("BLOG_NAVIGATION", "[]")
    monkeypatch.setenv("BLOG_REPOSITORY", "https://git.flask.org/")
    monkeypatch.setenv("BLOG_EDIT_URL", "https://git.flask.org/{path}")
    monkeypatch.setenv("BLOG_CHANGES_URL", "https://git.flask.org/log/{path}")
    posts = {
        slug: post_text(
            f"Beitrag {slug}", f"2026-01-0{n}", BODY, tags="[Go]", series=f"{{name: Reihe, part: {n}}}",
            updated="2026-02-03", authors="[Eva]",
        )
        for n, slug in enumerate(("eins", "zwei", "drei", "vier", "fuenf"), 1)
    }  # fmt: skip
    posts["fuenf"] = posts["fuenf"].replace("---\n", "---\naliases: [/alt/]\n", 1)
    small = site_with(
        posts, {"wir.md": "---\ntitle: Wir\nupdated: 2026-02-03\n---\n\nText.\n"}, tags='[go]\nname = "Go"\n'
    )
    status, body, _ = small.answer(address)
    html = body.decode()
    assert status in (200, 301)
    shown = {word.casefold() for text in visible(html) for word in re.findall(r"\w+", unescape(text))}
    assert shown & english_words() == set()
    assert '<html lang="de"' in html


def test_a_german_site_has_german_days_and_feeds(site_with: SiteWith, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BLOG_LANGUAGE", "de")
    small = site_with({"a": post_text(date="2026-11-29", body=BODY)}, settings="")
    monkeypatch.undo()
    small.write("posts/a.md", post_text(date="2026-01-29", body=BODY))
    assert "29. Januar 2026" in small.text("/")
    assert "29. Jan." in small.text("/archive/")
    assert "29. Januar 2026" in small.text("/search/docs.json")
    assert ">Hinweis<" in small.text("/feed.xml").replace("&gt;", ">").replace("&lt;", "<")


def test_arabic_is_written_from_the_right(site_with: SiteWith, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BLOG_LANGUAGE", "ar")
    html = site_with({"a": post_text()}).text("/posts/a/")
    assert '<html lang="ar" dir="rtl" data-words="' in html
    assert "تخطَّ إلى المحتوى" in html


def test_what_is_put_into_words_from_the_right_keeps_its_own_direction() -> None:
    """Arabic has `C++` and not `++C`; numbers, addresses and what is from the left stay as they are."""
    arabic, english = Words("ar", direction="rtl"), Words("en")
    assert arabic("by {names}", names="A. & B.") == "by \u2068A. &amp; B.\u2069"
    assert arabic.plain("{tag}: articles", tag="C++") == "\u2068C++\u2069: articles"
    assert arabic("{count} of [all](address)", count=3, address="/") == '3 of <a href="/">all</a>'
    assert english.plain("{tag}: articles", tag="C++") == "C++: articles"


def test_tags_and_names_keep_their_own_direction(site_with: SiteWith, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BLOG_LANGUAGE", "ar")
    text = post_text("مقال", tags="[C++]").replace("---\n", "---\nauthors: [A. B.]\n", 1)
    small = site_with({"a": text, "b": text})
    for address in ("/", "/tags/", "/tags/cpp/", "/posts/a/", "/search/"):
        html = small.text(address)
        assert "<bdi>#C++</bdi>" in html
        assert not re.search(r'(?<!<bdi>)(?<! dir="auto">)#C\+\+', html.partition("<body")[2])
    assert '<bdi class="p-author h-card">A. B.</bdi>' in small.text("/posts/a/")
    assert small.text("/search/docs.json").count("\u2068#C++\u2069") == 3


def test_an_article_in_another_language_has_labels_of_its_own(site_with: SiteWith) -> None:
    small = site_with({"a": post_text(body=BODY, lang="de"), "b": post_text(body=BODY, lang="it")})
    frame, _, rest = small.text("/posts/a/").partition("<article")
    article, _, after = rest.partition("</article>")
    assert article.split(">")[0].startswith(
        ' class="article h-entry" data-minutes="1" lang="de" dir="ltr" data-words="'
    )
    assert "1 Min. Lesezeit" in article and "2. Januar 2026" in article and "Hinweis" in article
    assert "Skip to content" in frame and "data-words" not in frame and "Atom feed" in after
    assert "1 min read" in small.text("/") and "Lesezeit" not in small.text("/")
    italian = small.text("/posts/b/")
    assert "1 min read" in italian and "data-words" not in italian


def test_an_english_article_on_a_german_site_is_labelled_in_english(
    site_with: SiteWith, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BLOG_LANGUAGE", "de")
    article = site_with({"a": post_text(lang="en")}).text("/posts/a/").partition("<article")[2]
    assert 'lang="en" dir="ltr" data-words="{}"' in article and "1 min read" in article and "2 January 2026" in article


def test_an_english_page_carries_no_words_and_reads_no_table(
    site_with: SiteWith, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trigpoint.web.wording.words.read_entries", None)
    assert "data-words" not in site_with({"a": post_text()}).text("/posts/a/")


def test_a_site_lays_its_own_table_over_the_themes(site_with: SiteWith, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BLOG_LANGUAGE", "de-CH")
    small = site_with({"a": post_text()})
    (small.root / "templates/words/de-CH.toml").write_text('[pages]\n"Read article" = "Weiterlesen"\n')
    html = small.text("/")
    assert "Weiterlesen →" in html and "Zum Inhalt springen" in html


def test_a_site_may_say_the_english_in_other_words(site_with: SiteWith) -> None:
    small = site_with({"a": post_text()})
    assert "Read article →" in small.text("/")
    (small.root / "templates/words/en.toml").write_text('[pages]\n"Read article" = "Go on"\n')
    assert "Go on →" in small.text("/")


def test_a_changed_table_renders_anew_what_shows_it(
    site_with: SiteWith, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("BLOG_LANGUAGE", "de")
    small = site_with({"a": post_text()})
    small.text("/")
    small.text("/sitemap.xml")
    noted = {address: small.site.responses.get(address) for address in ("/", "/sitemap.xml")}
    table = small.root / "templates/words/de.toml"
    table.write_text(table.read_text().replace("Artikel lesen", "Weiterlesen"))
    small.site.loader.refresh()
    library = small.site.loader.library
    stale = {
        address: [note.name for note in known.notes if small.site.digest_now(note, library) != note.digest]
        for address, known in noted.items()
        if known
    }
    assert stale == {"/": ["words"], "/sitemap.xml": []}
    assert "Weiterlesen →" in small.text("/")
    freeze_all(small.site, tmp_path / "frozen")
    assert tree(tmp_path / "frozen")["index.html"].decode() == small.text("/")


def test_a_broken_table_leaves_the_english(site_with: SiteWith, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BLOG_LANGUAGE", "it")
    small = site_with({"a": post_text()})
    (small.root / "templates/words/it.toml").write_text('[pages]\n"Read article" = "Leggi\n')
    assert "Read article →" in small.text("/")


def test_an_error_is_told_in_the_language_of_the_site(site_with: SiteWith, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BLOG_LANGUAGE", "fr")
    small = site_with({"a": post_text()})
    with small.client.post("/") as response:
        assert (response.status_code, "Méthode non autorisée" in response.get_data(as_text=True)) == (405, True)
