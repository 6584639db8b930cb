"""What a reader's first page weighs: every file of the theme that it asks for, compressed as servers do.

No browser is needed. What else somebody puts into the head (a script that counts readers, say) is theirs to weigh.
"""

from __future__ import annotations

import gzip
import re

from tests.conftest import SiteWith, SmallSite, post_text

SENTENCE = "A system that moves *money* has two halves that disagree about {}, and `code` that makes them agree on {}. "
WORDS = ("ledger", "queue", "session", "quote", "venue", "broker", "retry", "sequence", "gap", "market", "order",
         "price", "symbol", "book", "depth", "tick")  # fmt: skip

OF_THEME = re.compile(r"(?!/static/)|/static/(?:css/site|js/(?:theme|site)|fonts/[a-z-]+)\.\w{10}\.")
"""What the theme's own pages ask for: pictures of the page, and these files."""


def prose(words: int) -> str:
    """Text of so many words, in sections, with code; no two paragraphs are the same."""
    sentences = []
    while sum(len(each.split()) for each in sentences) < words:
        number = len(sentences)
        picked = [WORDS[number * step % len(WORDS)] + f"-{number * step % 97}" for step in (3, 7)]
        end = f"\n\n## Part {number}\n\n" if number % 20 == 0 else "\n\n" if number % 4 == 0 else ""
        sentences.append(SENTENCE.format(*picked) + end)
    code = "```go\nfunc take(queue []string) (string, error) {\n\treturn queue[0], nil\n}\n```\n\n"
    return code.join("".join(sentences).split("## Part 20"))


def wire(content: bytes, name: str) -> int:
    return len(content) if name.endswith((".woff2", ".png", ".ico")) else len(gzip.compress(content, 9, mtime=0))


def asked_for(small: SmallSite, address: str) -> dict[str, int]:
    """Each file that the page of an English article asks for at first, and its bytes on the wire."""
    html = small.text(address)
    shown = [tag for tag in re.findall(r"<(?:script|img)[^>]*>", html) if 'loading="lazy"' not in tag]
    links = [found[1] for tag in shown if (found := re.search(r' src="((?!data:)[^"]+)"', tag))]
    links += re.findall(r'<link rel="(?:stylesheet|preload)"[^>]* href="([^"]+)"', html)
    fonts = [name for name in small.site.assets.names() if re.fullmatch(r"fonts/[a-z-]+\.\w{10}\.woff2", name)]
    english = [f"/static/{name}" for name in fonts if not re.search("western|central|math", name)]
    ours = [name for name in links if OF_THEME.match(name)]
    return {name: wire(small.answer(name)[1], name) for name in dict.fromkeys((address, *ours, *english))}


def test_an_article_of_2000_words_is_light(site_with: SiteWith) -> None:
    small = site_with(
        {f"a{n}": post_text(f"Article {n}", f"2026-01-0{n}", prose(2000), tags="[Go]") for n in (1, 2, 3)}
    )
    asked = asked_for(small, "/posts/a2/")
    assert len(asked) <= 8, asked
    assert sum(asked.values()) <= 90_000, asked


def test_scripts_and_styles_are_small(site_with: SiteWith) -> None:
    asked = asked_for(site_with({"a": post_text()}), "/posts/a/")
    assert sum(size for name, size in asked.items() if name.endswith(".js")) <= 7_400, asked
    assert sum(size for name, size in asked.items() if name.endswith(".css")) <= 12_000, asked


def test_the_search_opens_with_few_bytes(site_with: SiteWith) -> None:
    posts = {
        f"an-article-about-{WORDS[n % 16]}-{n}": post_text(
            f"An Article About {WORDS[n % 16]}, No. {n}", body=prose(300)
        )
        for n in range(100)
    }
    small = site_with(posts)
    script = small.answer("/static/js/search.js")[1]
    assert wire(script, "search.js") <= 5_250
    assert wire(script, "search.js") + wire(small.answer("/search/docs.json")[1], "docs.json") <= 10_000


def test_the_fonts_of_the_system_cost_nothing(site_with: SiteWith) -> None:
    html = site_with({"a": post_text()}, settings='fonts = "system"\n').text("/posts/a/")
    assert 'data-fonts="system"' in html
    assert "woff2" not in html


def test_the_archive_of_many_articles_is_lean(site_with: SiteWith) -> None:
    posts = {
        f"an-article-about-something-{n}": post_text(f"An Article About Something, Number {n}") for n in range(200)
    }
    small = site_with(posts, settings="")
    empty = len(small.text("/tags/"))
    assert (len(small.text("/archive/")) - empty) / 200 < 160, "bytes of a line"
